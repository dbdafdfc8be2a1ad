"""What was changed in a PDF before it was signed, which its signature does not tell (R-004-97).

A file can begin with the very bytes that were sent and still show other pages: an update at its end replaces them, and
whoever then signs, signs those. Here each object of what was sent is compared with what the signed file has in its
place. A signature may add its form, its picture, its certificates and remarks about the file; nothing that is printed
on the pages may change.
"""

from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

#: What programs that sign write into the catalogue and into a page.
_CATALOG = {
    "/AcroForm",
    "/DSS",
    "/Extensions",
    "/MarkInfo",
    "/Metadata",
    "/Perms",
    "/StructTreeRoot",
    "/Version",
}
_PAGE = {"/Annots", "/StructParents", "/Tabs"}
#: Keys of a number tree, of which the structure for screen readers is made.
_TREE = {"/Kids", "/Limits", "/Nums"}


def changed(original, reader):
    """Whether anything but signatures was added to a document.

    :param bytes original: the PDF that was sent
    :param PdfFileReader reader: the signed one
    :return: bool
    """
    before = PdfFileReader(BytesIO(original), strict=False)
    if before.root_ref.idnum != reader.root_ref.idnum:
        return True
    pairs = [
        (ref.idnum, before.get_object(ref), reader.get_object(generic.Reference(ref.idnum, ref.generation, reader)))
        for ref in _references(before)
    ]
    pages = [(old, new) for _ref, old, new in pairs if _type(old) == "/Page"]
    if not all(_same_but(old, new, _PAGE) and _only_signatures(old, new) for old, new in pages):
        return True
    # lists of annotations were looked at with their pages
    free = {_number(old, "/Annots") for old, _new in pages}
    free |= {_number(before.trailer, "/Info"), _number(before.root, "/Metadata")}
    return any(
        not _same_but(old, new, _CATALOG)
        if number == before.root_ref.idnum
        else number not in free and not _structure(old) and _written(old) != _written(new)
        for number, old, new in pairs
        if _type(old) != "/Page"
    )


def _references(reader):
    return {
        ref
        for revision in range(reader.xrefs.total_revisions)
        for ref in reader.xrefs.explicit_refs_in_revision(revision)
    }


def _number(dictionary, key):
    """Number of the object a key leads to; None where it holds the value itself or is missing."""
    value = dictionary.raw_get(key) if key in dictionary else None
    return value.idnum if isinstance(value, generic.IndirectObject) else None


def _written(value):
    """An object as it is written in a file."""
    stream = BytesIO()
    value.write_to_stream(stream)
    return stream.getvalue()


def _same_but(old, new, keys):
    """Whether two dictionaries agree in all but some keys."""
    if not isinstance(new, generic.DictionaryObject):
        return False
    names = (old.keys() | new.keys()) - keys
    return all(
        name in old and name in new and _written(old.raw_get(name)) == _written(new.raw_get(name)) for name in names
    )


def _annotations(page):
    return list(page.get("/Annots", ()))


def _only_signatures(old, new):
    """Whether a page has its annotations and beyond them only the places of signatures."""
    known = {_written(annotation) for annotation in _annotations(old)}
    found = _annotations(new)
    return len({_written(annotation) for annotation in found} & known) == len(known) and all(
        _is_signature(annotation.get_object()) for annotation in found if _written(annotation) not in known
    )


def _is_signature(annotation):
    kind = annotation.get("/FT") or annotation.get("/Parent", {}).get("/FT")
    return annotation.get("/Subtype") == "/Widget" and kind == "/Sig" and not annotation.keys() & {"/A", "/AA"}


def _type(value):
    return value.get("/Type") if isinstance(value, generic.DictionaryObject) else None


def _structure(old):
    """Whether an object belongs to the structure that screen readers follow; it prints nothing."""
    return _type(old) in ("/StructElem", "/StructTreeRoot") or (
        isinstance(old, generic.DictionaryObject) and bool(old.keys()) and not old.keys() - _TREE
    )
