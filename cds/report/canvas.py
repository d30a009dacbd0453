"""A sheet to draw on with matplotlib, in pixels from the top left, with text that is measured before it is placed."""

from __future__ import annotations

import io
import logging
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final, Self

_DPI: Final = 100
_COLOURS: Final = 256
_POINTS: Final = 72 / _DPI
"""Points in a pixel."""
_FONT: Final = "DejaVu Sans"
"""It comes with matplotlib, so that every machine has it."""
_OURS: Final[dict[str, Any]] = {
    "font.family": [_FONT],
    "hatch.linewidth": 3.0,
    "text.parse_math": False,
    "text.usetex": False,
}


def picture_is_possible() -> bool:
    """Whether matplotlib is installed (the extra ``report``)."""
    try:
        import matplotlib.figure  # noqa: F401, PLC0415 - only whether it can be imported
    except ImportError:
        return False
    return True


class Canvas:
    """A sheet ``width`` pixels wide that grows as it is drawn on, inside a ``with``.

    There matplotlib has the settings that it comes with: those of the reader's machine do not reach the sheet.
    """

    def __init__(self, width: int) -> None:
        logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it says so when it looks for fonts, the first time
        import matplotlib as mpl  # noqa: PLC0415 - an extra, and slow to import

        settings: dict[Any, Any] = {**_defaults(mpl), **_OURS}
        self.width = width
        self._settings = mpl.rc_context(settings)
        self._words: dict[tuple[str, float], float] = {}
        self._texts: list[tuple[float, float, str, dict[str, Any]]] = []
        self._boxes: list[tuple[float, float, float, float, dict[str, Any]]] = []

    def __enter__(self) -> Self:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - an extra
        from matplotlib.figure import Figure  # noqa: PLC0415 - as above

        self._settings.__enter__()
        self._figure = Figure(figsize=(self.width / _DPI, 1), dpi=_DPI)
        self._figure.patch.set_facecolor("white")
        self._renderer: Any = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *error: Any) -> None:
        self._settings.__exit__(*error)

    def length(self, text: str, size: float) -> float:
        """How many pixels a line of text is long, ``size`` pixels high."""
        from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - an extra

        font = FontProperties(family=_FONT, size=size * _POINTS)
        length, _, _ = self._renderer.get_text_width_height_descent(text, font, False)
        return float(length)

    def wrapped(self, text: str, size: float, width: float, most: int = 9) -> list[str]:
        """The text in lines no longer than ``width``; what does not fit into ``most`` lines ends in an ellipsis."""
        lines = list(self._lines(" ".join(text.split()), size, width))
        if len(lines) > most:
            last = lines[most - 1]
            while last and self.length(f"{last}…", size) > width:
                last = last[:-1]
            lines = [*lines[: most - 1], f"{last.rstrip()}…"]
        return lines

    def _lines(self, text: str, size: float, width: float) -> Iterator[str]:
        line, long, space = "", 0.0, self._word(" ", size)
        for word in text.split(" "):
            more = self._word(word, size)
            if line and long + space + more <= width:
                line, long = f"{line} {word}", long + space + more
                continue
            if line:
                yield line
            line, long = word, more
            while long > width:  # one word that is longer than a line
                fits = max(1, bisect_right(range(len(line)), width, key=lambda end: self.length(line[:end], size)) - 1)
                yield line[:fits]
                line = line[fits:]
                long = self.length(line, size)
        yield line

    def _word(self, word: str, size: float) -> float:
        """The length of a word, which is measured once: that takes a millisecond."""
        if (word, size) not in self._words:
            self._words[word, size] = self.length(word, size)
        return self._words[word, size]

    def text(self, x: float, y: float, text: str, size: float, **how: Any) -> None:
        """Put a line of text with its middle at the height ``y``."""
        self._texts.append((x, y, text, {"fontsize": size * _POINTS, "va": "center_baseline", **how}))

    def box(self, x: float, y: float, width: float, height: float, **how: Any) -> None:
        """Put a rectangle with its top left corner at ``x``, ``y``."""
        self._boxes.append((x, y, width, height, how))

    def png(self, height: float, title: str, description: str) -> bytes:
        """The sheet down to ``height`` as PNG; title and description stand in it as text. The same every time."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - an extra

        self._figure.set_size_inches(self.width / _DPI, round(height) / _DPI)
        axes = self._figure.add_axes((0, 0, 1, 1), xlim=(0, self.width), ylim=(round(height), 0))
        axes.set_axis_off()
        for x, y, wide, high, how in self._boxes:
            axes.add_patch(Rectangle((x, y), wide, high, **how))
        for x, y, text, how in self._texts:
            axes.text(x, y, text, **how)
        canvas: Any = self._figure.canvas
        canvas.draw()
        return _png(canvas.get_width_height(), canvas.buffer_rgba(), {"Title": title, "Description": description})


def _png(size: tuple[int, int], pixels: Any, told: dict[str, str]) -> bytes:
    """Pixels as PNG with a palette, a third of the size that it would have without; ``told`` stands in it as text."""
    from PIL import Image, PngImagePlugin  # noqa: PLC0415 - comes with matplotlib

    texts = PngImagePlugin.PngInfo()
    for name, text in told.items():
        texts.add_itxt(name, text)
    stream = io.BytesIO()
    image = Image.frombuffer("RGBA", size, pixels).convert("RGB")
    # This way of choosing keeps a rare colour, as of a short bar, just as it is.
    image = image.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    image.save(stream, "PNG", optimize=True, pnginfo=texts)
    return stream.getvalue()


def _defaults(mpl: Any) -> dict[str, Any]:
    """The settings that matplotlib comes with, less the choice of a window system."""
    return {name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith(("backend", "toolbar"))}
