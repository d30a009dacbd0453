"""The command group ``cds``."""

from __future__ import annotations

import click

from cds.cli.batch import batch
from cds.cli.check import check
from cds.cli.diff import diff
from cds.cli.evaluate import evaluate
from cds.cli.explain import explain
from cds.cli.feedback import feedback
from cds.cli.findings import findings
from cds.cli.mutate import mutate
from cds.cli.respond import respond
from cds.cli.rules import rules
from cds.cli.sample import sample
from cds.cli.serve import serve
from cds.cli.test import test


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="cds-rules", prog_name="cds")
def main() -> None:
    """Clinical decision support with rules as data.

    Reads FHIR QuestionnaireResponses, evaluates the rules of a pack, and answers how soon which care is needed, why,
    and what could not be ruled out. Decision support that a clinician must check; not a medical device.

    \b
    Examples:
      cds evaluate fixtures/responses
      cds evaluate answers.json --chart chart.json --lang es
      cds evaluate export.ndjson --format json > results.ndjson
      cds batch fixtures/bulk assessments
      cds explain answers.json
      cds test
      cds check
      cds mutate --topic fracture
      cds diff before rules/ottawa-ankle
      cds sample 100 | cds evaluate -
    """


for command in (evaluate, batch, respond, findings, rules, explain, test, check, mutate, diff, sample, serve, feedback):
    main.add_command(command)
