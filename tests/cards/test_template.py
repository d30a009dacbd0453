"""Whatever text gets into a card stands there as text: no markup, no HTML, no link."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError
from markdown_it import MarkdownIt

from cds.cards.template import CardTemplates, Markdown, escape

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

HOSTILE = [
    "<script>alert(1)</script>",
    "<b>bold</b> &lt;i&gt; &amp; &#60;",
    "[link](javascript:alert(1)) ![image](https://example.com/x.png)",
    "[ref]: https://example.com",
    "https://example.com www.example.com a@example.com <https://example.com>",
    "# heading",
    "Setext\n===",
    "===",
    "---",
    "1. one",
    "1) one",
    "- [ ] task",
    "> quote",
    "| a | b |\n|---|---|\n| c | d |",
    "```code```  `code` ~~gone~~ **bold** __bold__ *em* _em_",
    "\\*not escaped\\*",
    "    indented",
    "line\n\nbreak  \nhere\\\nthere",
    "{{ 7 * 7 }} {% raw %}",
    "$x$ ^[note] [^1] ==mark== :smile: @user #1",
    "[bold red]rich[/]",
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=" \n\t\\`*_{}[]()#+-.!|>~<&:;@/='\"^$%19abwx", max_size=40),
    st.sampled_from(HOSTILE),
)
CONTEXTS = {
    "paragraph": "{{ x }}",
    "list": "- {{ x }}",
    "heading": "#### {{ x }}",
    "after": "before\n{{ x }}",
    "middle": "before {{ x }} after",
    "bold": "**{{ x }}** after",
    "nested": "- item\n\n  {{ x }}\n",
}


def flat(text: str) -> str:
    return " ".join(text.split())


def words(markdown: str) -> str:
    """The text that a reader sees; fails if anything in it is more than text, a break or what the context brings."""
    allowed = {"text", "softbreak", "strong_open", "strong_close"}
    pieces = []
    for token in RENDERER.parse(markdown):
        assert token.type.removesuffix("_open").removesuffix("_close") in (
            "inline",
            "paragraph",
            "list_item",
            "bullet_list",
            "heading",
        ), token.type
        children = token.children or []
        assert {child.type for child in children} <= allowed, [child.type for child in children]
        pieces += [" " if child.type == "softbreak" else child.content for child in children]
    return "".join(pieces)


@pytest.mark.parametrize("context", CONTEXTS)
@given(text=TEXTS.filter(lambda text: flat(text) != "" and "\x00" not in text))
@example(text="=")
@example(text="-")
def test_any_text_renders_as_itself(context: str, text: str) -> None:
    rendered = CardTemplates({"card": CONTEXTS[context]}).render("card", {"x": text})
    expected = CardTemplates({"card": CONTEXTS[context]}).render("card", {"x": Markdown("X")})
    assert flat(words(rendered)) == flat(words(expected).replace("X", flat(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_html_and_addresses_do_not_survive(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert "://" not in escaped
    assert "\n" not in escaped


def test_what_the_pack_wrote_stays() -> None:
    assert escape(Markdown("**now** [x](y)")) == "**now** [x](y)"
    assert escape(3) == 3


@pytest.mark.parametrize(
    "expression", ["{{ x | upper }}", "{{ x ~ x }}", "{{ x + x }}", "{{ x | safe }}", "{{ x[:9] }}"]
)
def test_what_was_made_from_marked_text_is_escaped_again(expression: str) -> None:
    rendered = CardTemplates({"card": expression}).render("card", {"x": Markdown("<b>*x*</b>")})
    assert "<" not in rendered
    assert "\\*" in rendered


def test_an_unknown_variable_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        CardTemplates({"card": "{{ absent }}"}).render("card", {})


@pytest.mark.parametrize(
    "attack", ["{{ x.__class__.__mro__ }}", "{{ ''.__class__.__base__.__subclasses__() }}", "{{ d.update({'a': 1}) }}"]
)
def test_templates_reach_nothing_but_their_data(attack: str) -> None:
    with pytest.raises(SecurityError):
        CardTemplates({"card": attack}).render("card", {"x": Markdown("x"), "d": {}})


def test_runs_of_blank_lines_become_one() -> None:
    templates = CardTemplates({"card": "a\n\n\n{% if no %}b{% endif %}\n \n\nc\n\n"})
    assert templates.render("card", {"no": False}) == "a\n\nc\n"
