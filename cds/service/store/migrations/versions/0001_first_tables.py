"""Tokens seen, cards shown, feedback."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cds_seen_token",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_cds_seen_token_expires", "cds_seen_token", ["expires"])
    op.create_table(
        "cds_shown",
        sa.Column("card", sa.String, primary_key=True),
        sa.Column("service", sa.String, nullable=False),
        sa.Column("pack", sa.String, nullable=False),
        sa.Column("pack_version", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("possible_level", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    )
    op.create_index("ix_cds_shown_day", "cds_shown", ["day"])
    op.create_table(
        "cds_shown_rule",
        sa.Column(
            "card",
            sa.String,
            sa.ForeignKey("cds_shown.card", name="fk_cds_shown_rule_card", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("rule", sa.String, primary_key=True),
    )
    op.create_table(
        "cds_feedback",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("issuer", sa.String),
        sa.Column("service", sa.String, nullable=False),
        sa.Column("card", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suggestions", sa.JSON, nullable=False),
        sa.Column("reason_code", sa.String),
        sa.Column("reason_system", sa.String),
        sa.Column("comment", sa.String),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_cds_feedback_received_at", "cds_feedback", ["received_at"])
    op.create_index("ix_cds_feedback_card_outcome_at", "cds_feedback", ["card", "outcome_at"])
