"""Files that a citizen or an officer uploads: known by their content, never by their name."""

MAX_BYTES = 5 * 1024 * 1024
MAX_FILES = 20
_SIGNATURES = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
_SAFE = frozenset(" ._-()'")


def kind(content: bytes) -> tuple[str, str] | None:
    """MIME type and extension of a document or picture, by its first bytes.

    :param content: the file
    :return: None for anything but PDF, JPEG and PNG
    """
    for signature, mimetype, extension in _SIGNATURES:
        if content.startswith(signature):
            return mimetype, extension
    return None


def safe_name(name: str, extension: str) -> str:
    """A file name without folders or control characters, with the extension of its content.

    :param name: as the browser sent it
    :param extension: such as ``.pdf``
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    clean = "".join(char for char in base if char.isalnum() or char in _SAFE).strip(" .")
    return (clean[:80] or "document") + extension
