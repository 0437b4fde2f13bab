"""The transport compressions that a client may ask of the gateway."""

import zlib


class Plain:
    """No compression: text frames."""

    def frame(self, text):
        """Frame that carries a text."""
        return text


class ZlibStream:
    """One zlib context for a connection; each frame ends with a sync flush."""

    def __init__(self):
        self._context = zlib.compressobj(1)

    def frame(self, text):
        """Frame that carries a text."""
        return self._context.compress(text.encode()) + self._context.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """One zstd context for a connection, from the standard library (3.14) or the package zstandard."""

    def __init__(self):
        self._feed = _zstd()

    def frame(self, text):
        """Frame that carries a text."""
        return self._feed(text.encode())


def _zstd():
    try:
        import zstandard
    except ImportError:
        from compression import zstd

        context = zstd.ZstdCompressor()
        return lambda data: context.compress(data, mode=zstd.ZstdCompressor.FLUSH_BLOCK)
    stream = zstandard.ZstdCompressor().compressobj()
    return lambda data: stream.compress(data) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


def compression(name):
    """By the gateway's query parameter; plain if there is none."""
    return {"zlib-stream": ZlibStream, "zstd-stream": ZstdStream}.get(name, Plain)()
