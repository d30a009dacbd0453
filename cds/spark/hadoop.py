"""Files of any Hadoop file system, from the driver: found, named and removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from cds.batch.problem import BatchError

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Found(NamedTuple):
    """A file: its name relative to where it was found, its Hadoop path, and its bytes."""

    name: str
    path: str
    size: int


def hadoop_path(place: str | Path) -> str:
    """The Hadoop path of a place: an address with a scheme as it is, anything else is a local path."""
    text = str(place)
    # Hadoop's own paths are not percent-encoded, so that Path.as_uri would name another file.
    return text if is_address(text) else f"file://{Path(text).resolve().as_posix()}"


def is_address(place: str) -> bool:
    """Whether a place has a scheme, such as ``hdfs://``, and is no local path."""
    return "://" in place or place.startswith("file:/")


def _told(
    method: Callable[Concatenate[HadoopFiles, str, _Given], _Result],
) -> Callable[Concatenate[HadoopFiles, str, _Given], _Result]:
    """Turn a fault of Java into :class:`BatchError` with the place and the reason."""

    def wrapped(self: HadoopFiles, path: str, /, *args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        try:
            return method(self, path, *args, **kwargs)
        except Py4JJavaError as error:
            fault = error.java_exception
            reason = str(fault.getMessage() or "it failed").splitlines()[0]
            raise BatchError(f"{path}: {fault.getClass().getSimpleName()}: {reason}") from None

    wrapped.__doc__ = method.__doc__
    return wrapped


class HadoopFiles:
    """What the driver does with files. Every method raises :class:`BatchError` for what cannot be done."""

    def __init__(self, session: SparkSession) -> None:
        self._java: Any = session.sparkContext._jvm
        self._configuration = session.sparkContext._jsc.hadoopConfiguration()

    @_told
    def exists(self, path: str) -> bool:
        """Whether there is a file or folder."""
        return bool(self._system(path).exists(self._path(path)))

    @_told
    def is_folder(self, path: str) -> bool:
        """Whether it is a folder that is there."""
        system, place = self._system(path), self._path(path)
        return bool(system.exists(place) and system.getFileStatus(place).isDirectory())

    @_told
    def is_empty(self, path: str) -> bool:
        """Whether a folder has nothing in it."""
        return not len(self._system(path).listStatus(self._path(path)))

    @_told
    def size(self, path: str) -> int:
        """Bytes of a file."""
        return int(self._system(path).getFileStatus(self._path(path)).getLen())

    @_told
    def files(self, path: str) -> list[Found]:
        """All files below a folder, in no order."""
        system = self._system(path)
        root = system.makeQualified(self._path(path)).toUri().getPath().rstrip("/") + "/"
        found, listed = list[Found](), system.listFiles(self._path(path), True)
        while listed.hasNext():
            status = listed.next()
            place = status.getPath()
            found.append(Found(place.toUri().getPath().removeprefix(root), place.toString(), int(status.getLen())))
        return found

    @_told
    def read(self, path: str, most: int) -> bytes:
        """The first ``most`` bytes of a file."""
        stream = self._system(path).open(self._path(path))
        try:
            return bytes(stream.readNBytes(most))
        finally:
            stream.close()

    @_told
    def write(self, path: str, data: bytes, beside: str) -> None:
        """Write a file that is there with all its bytes or not at all; ``beside`` is where it is written first."""
        stream = self._system(path).create(self._path(beside), True)
        try:
            stream.write(bytearray(data))
        finally:
            stream.close()
        self.rename(beside, path)

    @_told
    def claim(self, path: str) -> None:
        """Make an empty file, which only one can."""
        if not self._system(path).createNewFile(self._path(path)):
            raise BatchError(f"{path}: another run is writing here: name an empty folder")

    @_told
    def make_folder(self, path: str) -> None:
        """Make a folder and those above it, if they are not there."""
        if not self._system(path).mkdirs(self._path(path)):
            raise BatchError(f"{path}: the folder cannot be made: name another")

    @_told
    def rename(self, path: str, to: str) -> None:
        """Give a file another name, which must be free."""
        if not self._system(path).rename(self._path(path), self._path(to)):
            raise BatchError(f"{path}: it cannot be renamed to {to}: remove what is there, and begin anew")

    @_told
    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all that is in it."""
        self._system(path).delete(self._path(path), True)

    def _path(self, path: str) -> Any:
        return self._java.org.apache.hadoop.fs.Path(path)

    def _system(self, path: str) -> Any:
        return self._path(path).getFileSystem(self._configuration)
