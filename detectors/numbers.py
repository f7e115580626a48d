"""Pure: the numbers in a text that matter to an investigator, each in its usual form.

Standards, registrations of trademarks, announcements of GIs, 统一社会信用代码, SC codes. What a
reader of pictures takes for another character is mended where nothing else can be meant.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from detectors import check_digits
from pipeline.written import Number, NumberKind

DIGIT = "[0-9OILBSZ|]"
DIGITS = str.maketrans("OILBSZ|", "0118521")
FULL_WIDTH = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−─－一ー"), "-")
"""A reader of pictures takes the dash before a year for 一 now and then."""

STANDARD = re.compile(
    r"(?<![0-9A-Z])(?:"
    r"(?P<recommended>(?:[G6][B8]|NY|DB ?\d{2}) ?[/\\|] ?T)|(?P<guide>GB ?/ ?Z)|"
    r"(?P<slashless>GB ?[1I]? ?T)|(?P<bound>GB)) ?"
    rf"(?P<number>(?=.{{0,4}}\d){DIGIT}{{2,5}}(?:\.\d{{1,2}})?)"
    rf"(?: ?- ?(?P<year>(?:19|2[0O]){DIGIT}{{2}}|[89]\d))?"
    r"(?! ?[0-9A-Z.]*(?:HZ|BIT|BPS|MB|GB)|[0-9A-Z])"
)
REGISTRATION = re.compile(
    r"(?:(?:商标)?注册(?:商标)?(?:证(?:书)?(?:编?号)?|编?号)\s*[:.]?\s*(?:第|NO[.:]?)?"
    r"|注册商标\s*[:.]?\s*(?:第|NO[.:]?)"
    r"|(?<![A-Z])REG(?:ISTRATION)?[. ]{0,2}NO[.:]{0,2})"
    rf"\s*(?P<number>G?(?=.?\d|..?\d){DIGIT}{{5,8}}[A-Z]?)(?![0-9A-Z年])"
)
ANNOUNCEMENT = re.compile(
    r"(?P<office>国家知识产权局|(?:国家)?质检总局|国家质量监督检验检疫总局|农业(?:农村)?部)"
    r"(?P<before>公告)?\s*[(\[〔]?(?P<year>(?:19|20)\d\d)?[)\]〕]?年?\s*第\s*"
    r"(?P<number>[0-9〇○零一二三四五六七八九]{1,5})\s*号(?P<behind>公告)?"
)
PRODUCE = re.compile(r"(?<![0-9A-Z])AG[I1] ?(?P<number>\d{5})(?![0-9A-Z])")
NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
USCC = re.compile(r"(?<![0-9A-Z])(?:[0-9A-Z] ?){17}[0-9A-Z](?![0-9A-Z])")
LICENCE = re.compile(
    rf"(?<![0-9A-Z])[S5]C ?[:.]? ?(?P<number>(?:{DIGIT} ?){{13}}{DIGIT})(?![0-9A-Z])"
)
LEAST_BOUND = 4  # digits behind a plain GB without a year: 512 are bytes
LEAST_DIGITS = 10  # of an SC code's fourteen that must have been read as such


def numbers(text: str) -> tuple[Number, ...]:
    """Each number, by its place. Spans count code points of the text as given."""
    narrow = text.translate(FULL_WIDTH)
    plain = "".join(each.upper() if len(each.upper()) == 1 else each for each in narrow)
    dashed = plain.translate(DASHES)
    found = [each for read in READERS for each in read(dashed if read is _standards else plain)]
    return tuple(sorted(found, key=lambda each: (each.span, each.kind)))


def _standards(text: str) -> Iterator[Number]:
    for run in STANDARD.finditer(text):
        year = run["year"]
        if run["bound"] and not year and len(run["number"]) < LEAST_BOUND:
            continue
        value = f"{_body(run)} {run['number'].translate(DIGITS)}"
        value += f"-{year.translate(DIGITS)}" if year else ""
        yield Number(kind=NumberKind.STANDARD, value=value, span=run.span())


def _body(run: re.Match[str]) -> str:
    """GB/T as it is meant: 6B/T and G8/T are how it is misread."""
    if run["bound"]:
        return "GB"
    if run["guide"]:
        return "GB/Z"
    begin = (run["recommended"] or "GB").replace(" ", "")
    return f"{begin[:4]}/T" if begin.startswith("DB") else f"{'NY' if begin[0] == 'N' else 'GB'}/T"


def _registrations(text: str) -> Iterator[Number]:
    for run in REGISTRATION.finditer(text):
        written = run["number"]
        behind = written[-1] if written[-1] in "ACDEFGHJKMN" else ""
        value = written.removesuffix(behind).translate(DIGITS) + behind
        yield Number(kind=NumberKind.REGISTRATION, value=value, span=run.span("number"))


def _announcements(text: str) -> Iterator[Number]:
    for run in ANNOUNCEMENT.finditer(text):
        if run["before"] or run["behind"]:
            year = f"{run['year']}年" if run["year"] else ""
            value = f"{run['office']}公告{year}第{run['number'].translate(NUMERALS)}号"
            yield Number(kind=NumberKind.ANNOUNCEMENT, value=value, span=run.span())
    for run in PRODUCE.finditer(text):
        yield Number(kind=NumberKind.ANNOUNCEMENT, value=f"AGI{run['number']}", span=run.span())


def _credit_codes(text: str) -> Iterator[Number]:
    """Only what fits its check digits is taken for a code: any eighteen letters may stand there."""
    for run in USCC.finditer(text):
        code = check_digits.mended_uscc(run[0].replace(" ", ""))
        if code:
            yield Number(kind=NumberKind.USCC, value=code, span=run.span(), valid=True)


def _licences(text: str) -> Iterator[Number]:
    """One whose check digit is wrong is told as well: it was made up, or misprinted."""
    for run in LICENCE.finditer(text):
        written = run["number"].replace(" ", "")
        digits = written.translate(DIGITS)
        fits = check_digits.fits_mod_11_10(digits)
        is_mended = digits != written or run[0][0] != "S"
        if digits[0] not in "12" or sum(map(str.isdigit, written)) < LEAST_DIGITS:
            continue
        if fits or not is_mended:
            yield Number(kind=NumberKind.LICENCE, value=f"SC{digits}", span=run.span(), valid=fits)


READERS: Iterable[Callable[[str], Iterator[Number]]] = (
    _standards,
    _registrations,
    _announcements,
    _credit_codes,
    _licences,
)
