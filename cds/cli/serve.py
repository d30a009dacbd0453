"""``cds serve``: the CDS Hooks service."""

from __future__ import annotations

from pathlib import Path

import click

from cds.cli.address import base_url as checked_base_url
from cds.cli.address import in_url, is_loopback, is_wildcard
from cds.cli.address import origin as checked_origin
from cds.cli.options import fail, find_pack
from cds.pack import PackError, load_pack


@click.command()
@click.option("--pack", "packs", metavar="FOLDER", multiple=True, help="Pack to serve; may be repeated.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option(
    "--base-url",
    metavar="URL",
    callback=checked_base_url,
    help="Address by which clients know the service; tokens must be made out to it. Default: http://HOST:PORT.",
)
@click.option(
    "--trust",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Trust file: whose tokens are accepted, and which FHIR servers may be called.",
)
@click.option("--insecure", is_flag=True, help="Listen on any address without a trust file. Anybody can call it then.")
@click.option(
    "--database",
    envvar="CDS_DATABASE",
    show_envvar=True,
    default=None,
    metavar="URL",
    help="Database for feedback, what was shown, and used tokens. With a password, better in the variable: others can "
    "see a command line. Default: sqlite:///cds-service.db.",
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Worker processes.")
@click.option(
    "--fhir-server",
    "fhir_servers",
    multiple=True,
    metavar="URL",
    help="FHIR server that may be called when there is no trust file; may be repeated.",
)
@click.option(
    "--cors-origin",
    "cors_origins",
    multiple=True,
    metavar="ORIGIN",
    callback=checked_origin,
    help="Web origin that may call from a browser when there is no trust file; may be repeated. "
    "Default: any, and none with --fhir-server.",
)
@click.option(
    "--fhir-seconds",
    default=3.0,
    show_default=True,
    type=click.FloatRange(0.1, 60),
    help="Time that all calls to a FHIR server may take for one request.",
)
@click.option("--tls-certificate", type=click.Path(exists=True, dir_okay=False), help="PEM file; needs --tls-key.")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False), help="PEM file; needs --tls-certificate.")
@click.option(
    "--log-level",
    type=click.Choice(("debug", "info", "warning", "error")),
    default="info",
    show_default=True,
    help="Least severity of the log lines on standard error.",
)
def serve(
    packs: tuple[str, ...],
    host: str,
    port: int,
    base_url: str | None,
    trust: Path | None,
    insecure: bool,
    database: str | None,
    workers: int,
    fhir_servers: tuple[str, ...],
    cors_origins: tuple[str, ...],
    fhir_seconds: float,
    tls_certificate: str | None,
    tls_key: str | None,
    log_level: str,
) -> None:
    """Serve packs as CDS Hooks services: discovery, calls, feedback.

    Without a trust file nobody is asked who they are, so the service listens on this machine only.

    \b
    Examples:
      cds serve
      cds serve --trust trust.yaml --host 0.0.0.0 --base-url https://cds.example.org --workers 4
      cds serve --trust trust.yaml --database postgresql+psycopg://cds@db.example.org/cds
    """
    from cds.service.serve import Listen, ServiceError, run
    from cds.service.settings import Settings
    from cds.service.store import DEFAULT_URL

    if (tls_certificate is None) != (tls_key is None):
        raise click.UsageError("--tls-certificate and --tls-key belong together: give both")
    if trust is None and not insecure and not is_loopback(host):
        raise click.UsageError(
            f"without a trust file the service listens on this machine only, and {host} is not: "
            "give --trust FILE, or --insecure if anybody may call it"
        )
    if trust is not None and fhir_servers:
        raise click.UsageError("with a trust file FHIR servers stand in it, for each client: leave out --fhir-server")
    if trust is not None and cors_origins:
        raise click.UsageError("with a trust file web origins stand in it, as cors_origins: leave out --cors-origin")
    if trust is not None and base_url is None and (is_wildcard(host) or port == 0):
        raise click.UsageError(
            "tokens must be made out to the address that clients know, and --host and --port do not say it: "
            "give --base-url"
        )
    scheme = "https" if tls_certificate else "http"
    folders = tuple(find_pack(pack) for pack in packs) or (find_pack(None),)
    if trust is None:
        where = "this machine only" if is_loopback(host) else "EVERYBODY who reaches this address"
        click.echo(f"No trust file: no token is asked for. The service is open to {where}.", err=True)
    elif not is_loopback(host) and tls_certificate is None and not (base_url or "").lower().startswith("https:"):
        click.echo(
            "No TLS: tokens and what is said of patients go in the clear, unless a proxy in front ends TLS. "
            "Give --tls-certificate, or the https address of the proxy as --base-url.",
            err=True,
        )
    settings = Settings(
        packs=folders,
        base_url=base_url or f"{scheme}://{in_url(host)}:{port}",
        database=database or DEFAULT_URL,
        trust=trust,
        fhir_servers=fhir_servers,
        cors_origins=cors_origins or None,
        hosts=("*",) if is_wildcard(host) and base_url is None else (host,),
        fhir_seconds=fhir_seconds,
        log_level=log_level,
    )
    try:
        _announce(folders, settings.base_url)
        run(settings, Listen(host, port, workers, tls_certificate, tls_key))
    except PackError as error:
        fail(*map(str, error.problems))
    except ServiceError as error:
        fail(str(error))


def _announce(folders: tuple[Path, ...], base_url: str) -> None:
    for folder in folders:
        pack = load_pack(folder)
        draft = "" if pack.header.status == "active" else f" ({pack.header.status}: not for patients)"
        click.echo(f"{pack.id} {pack.version}{draft}: {base_url}/cds-services/{pack.id}", err=True)
