"""PDF: only the pages are carried over, with what they show. Scripts, actions, forms, attachments, metadata are not."""

from io import BytesIO

import pikepdf

from ercms.inspection.kinds import PAGE_LIMIT, PDF, Refusal, Refused, Result
from ercms.inspection.kinds import refuse_second_file as _refuse_second_file

# What an annotation may keep: how it looks and where it stands, nothing that it does.
_ANNOTATION_KEYS = frozenset({
    "/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/C", "/CA", "/Border", "/BS", "/Contents", "/QuadPoints",
    "/InkList", "/L", "/Vertices", "/IC", "/LE",
})  # fmt: skip
_ANNOTATIONS_THAT_ACT = frozenset(
    {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/Link", "/Popup"}
)
_PAGE_KEYS = frozenset({
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Annots", "/UserUnit", "/Group",
})  # fmt: skip
# What no object below a page may carry, wherever it hangs: who made it, with what, what it does, what it brings along.
_NOWHERE = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/EmbeddedFiles",
    "/AF", "/XFA", "/AcroForm", "/OPI", "/Alternates", "/Launch", "/URI", "/GoToR", "/SubmitForm",
)  # fmt: skip


def clean(content: bytes, *, media_type: str) -> Result:
    """Return a document of the same pages and nothing that acts.

    Raises:
        Refused: damaged, locked, too many pages, or a second file inside.
    """
    _refuse_second_file(content, media_type)
    try:
        with pikepdf.open(BytesIO(content)) as source, pikepdf.new() as made:
            pages = len(source.pages)
            if pages > PAGE_LIMIT:
                raise Refused(Refusal.TOO_MANY_PAGES)
            if pages == 0:
                raise Refused(Refusal.DAMAGED)
            for page in source.pages:
                _strip_page(page.obj)
            made.pages.extend(source.pages)
            for item in made.objects:
                _strip_object(item)
            target = BytesIO()
            made.save(target)
    except pikepdf.PasswordError as error:
        raise Refused(Refusal.LOCKED) from error
    except (
        pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, OverflowError
    ) as error:  # fmt: skip
        raise Refused(Refusal.DAMAGED) from error
    return Result(PDF, pages, target.getvalue())


def _strip_page(page: pikepdf.Object) -> None:
    annotations = [annotation for annotation in page.get("/Annots", []) if _is_shown(annotation)]
    for annotation in annotations:
        for key in list(annotation.keys()):
            if key not in _ANNOTATION_KEYS:
                del annotation[key]
    if "/Annots" in page:
        page["/Annots"] = pikepdf.Array(annotations)
    for key in list(page.keys()):
        if key not in _PAGE_KEYS:
            del page[key]


def _strip_object(item: pikepdf.Object) -> None:
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key in _NOWHERE:
            if key in item:
                del item[key]


def _is_shown(annotation: pikepdf.Object) -> bool:
    is_dictionary = isinstance(annotation, pikepdf.Dictionary)
    return is_dictionary and str(annotation.get("/Subtype", "")) not in _ANNOTATIONS_THAT_ACT
