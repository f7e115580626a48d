"""Numbers are read out of a text in their usual form; what only looks like one is left alone."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detectors.check_digits import ALPHABET, fits_mod_11_10, fits_uscc, is_uscc, mended_uscc
from detectors.numbers import numbers
from pipeline.written import NumberKind

CODES = (  # of companies and a small trader, as they print them
    "914403001922038216",
    "9144030071526726XG",
    "91110000802100433B",
    "91330100799655058B",
    "92340111MAD2LARQ9N",
)
LICENCES = (  # as printed on food
    "11834020305037",
    "10644512106525",
    "11464010500015",
    "12434017430075",
    "11532139200465",
)


def read(text: str) -> list[tuple[NumberKind, str]]:
    return [(each.kind, each.value) for each in numbers(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("执行标准：GB/T 20453-2006 一级", "GB/T 20453-2006"),
        ("产品标准号GB/T1354", "GB/T 1354"),
        ("ＧＢ／Ｔ　１３５４－２０１８", "GB/T 1354-2018"),
        ("gb/t 19266—2008", "GB/T 19266-2008"),
        ("GB/T 20453一2006", "GB/T 20453-2006"),  # a long dash is read as 一
        ("GB/T I354", "GB/T 1354"),
        ("GB/T 1354-2O18", "GB/T 1354-2018"),
        ("G8/T 1354", "GB/T 1354"),
        ("GBT1354-2018", "GB/T 1354-2018"),
        ("GB/T 18672.1-2014", "GB/T 18672.1-2014"),
        ("GB 1354-86", "GB 1354-86"),
        ("GB 7718-2011", "GB 7718-2011"),
        ("GB2760", "GB 2760"),
        ("GB/Z 21922-2008", "GB/Z 21922-2008"),
        ("NY/T 844-2010", "NY/T 844-2010"),
        ("DB62/T 1234-2015", "DB62/T 1234-2015"),
    ],
)
def test_a_standard_is_read_however_it_is_set(text, value):
    assert read(text) == [(NumberKind.STANDARD, value)]


@pytest.mark.parametrize(
    "text",
    [
        "16GB 512GB",
        "8GB 2400MHz 内存",
        "GB 3200MHz",
        "内存GB 512",
        "Q/ABC 0001S",
        "GB/T",
        "GB/T SOIL",
        "GB/T 1",
        "MGB/T 1354",
        "NY 2024",
        "CB/T 1354",  # what ships are built by
    ],
)
def test_memory_and_a_firm_s_own_standard_are_none(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("商标注册证号：第5789043号", "5789043"),
        ("注册证号 第892019号", "892019"),
        ("注册证号\n第892019号", "892019"),
        ("注册号:1607996", "1607996"),
        ("注册商标 第 9129815 号", "9129815"),
        ("注册商标第892O19号", "892019"),
        ("商标注册号：1607996A", "1607996A"),
        ("国际注册号：G1234567", "G1234567"),
        ("Reg. No. 1234567", "1234567"),
    ],
)
def test_a_registration_is_read_beside_its_label(text, value):
    assert read(text) == [(NumberKind.REGISTRATION, value)]


@pytest.mark.parametrize(
    "text",
    [
        "注册资本1000万元",
        "注册资本：10000000",
        "注册证编号：国械注准20173664321",
        "注册号620500000001234",  # of a business, fifteen digits
        "注册商标",
        "电话 1607996",
        "注册证号：1234",
    ],
)
def test_other_numbers_beside_the_word_are_none(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("国家知识产权局公告第512号", "国家知识产权局公告第512号"),
        ("国家知识产权局第三三〇号公告", "国家知识产权局公告第330号"),
        ("国家质检总局2007年第160号公告", "国家质检总局公告2007年第160号"),
        ("质检总局公告（2007）第160号", "质检总局公告2007年第160号"),
        ("农业部公告第1517号", "农业部公告第1517号"),
        ("登记证书编号：AGI01234", "AGI01234"),
    ],
)
def test_an_announcement_is_read_with_who_made_it(text, value):
    assert read(text) == [(NumberKind.ANNOUNCEMENT, value)]


@pytest.mark.parametrize(
    "text", ["国家知识产权局第512号", "本店公告第512号", "AGI0123", "AGI012345"]
)
def test_a_letter_of_an_office_is_no_announcement(text):
    assert read(text) == []


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("form", ["统一社会信用代码：{}", "代码 {} 地址", "{}"])
def test_a_credit_code_is_read_and_its_check_digits_fit(code, form):
    (found,) = numbers(form.format(code))

    assert (found.kind, found.value, found.valid) == (NumberKind.USCC, code, True)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("914403001922O38216", "914403001922038216"),  # a letter among digits
        ("9I4403OO1922038216", "914403001922038216"),
        ("91440300192203821G", "914403001922038216"),  # G for 6
        ("9144 0300 1922 0382 16", "914403001922038216"),
        ("911100008021004338", "91110000802100433B"),  # 8 for B
        ("9111000080210O433B", "91110000802100433B"),
    ],
)
def test_a_misread_credit_code_is_mended_where_only_one_can_be_meant(written, meant):
    assert read(written) == [(NumberKind.USCC, meant)]


@pytest.mark.parametrize(
    "written",
    [
        "914403001922038217",
        "91440300192203821X",
        "91440101190500000X",
        "91440300TESTALIGN01",
        "91440300192203821",
        "9144030019220382166",
        "814403001922038216",
        "IOIOIOIOIOIOIOIOIO",
        "O" * 18,
        "ABCDEFGHJKLMNPQRTU",
    ],
)
def test_what_does_not_fit_is_no_credit_code(written):
    assert read(written) == []


def test_where_two_codes_may_be_meant_none_is_read():
    """0 for Q at one of two places: both codes exist, nothing tells them apart."""
    either = "91620502FDQNK4N01D", "91620502FQDNK4ND1D"

    assert all(map(is_uscc, either))
    assert read("91620502F0ONK4NO1D") == []


@pytest.mark.parametrize("digits", LICENCES)
@pytest.mark.parametrize("form", ["食品生产许可证编号：SC{}产品标准号", "sc {}", "5C{}", "SC：{}"])
def test_a_licence_is_read_and_its_check_digit_fits(digits, form):
    (found,) = numbers(form.format(digits))

    assert (found.kind, found.value, found.valid) == (NumberKind.LICENCE, f"SC{digits}", True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SC11834020305038", [("SC11834020305038", False)]),  # misprinted or made up
        ("SC12345678901234", [("SC12345678901234", False)]),
        ("SC1183402O305O37", [("SC11834020305037", True)]),
        ("SC1183402O305O38", []),  # misread, and wrong besides
        ("DISC11834020305037", []),
        ("SC118340203050371", []),
        ("SC1183402030503", []),
        ("SC91834020305037", []),
        ("SCOOOOOOOOOOOOOO", []),
        ("SC1090", []),
    ],
)
def test_a_licence_with_a_wrong_check_digit_says_so(text, said):
    assert [(each.value, each.valid) for each in numbers(text)] == said


def test_a_label_is_read_whole():
    text = "SC11464010500015产品标准号：GB/T18672厂名\n注册证号：第892019号"

    assert [value for _, value in read(text)] == ["SC11464010500015", "GB/T 18672", "892019"]


@given(st.text(alphabet="ＧＢ／Ｔß GBTSC0159第号注册证-—一\n公告AGI农业部", max_size=60))
@example("ß GB/T 1354")
@example("ﬁ ＧＢ／Ｔ　１３５４")
def test_a_span_lies_in_the_text(text):
    for found in numbers(text):
        start, end = found.span
        assert 0 <= start < end <= len(text)
        assert any(map(str.isdigit, found.value))


DIGITS = "0123456789"


@given(st.sampled_from(CODES), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_wrong_character_of_a_credit_code_is_caught(code, place, other):
    wrong = code[:place] + other + code[place + 1 :]

    assert fits_uscc(wrong) == is_uscc(wrong) == (wrong == code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.data())
def test_the_check_character_tells_any_two_codes_one_character_apart(body, place, data):
    (code,) = [body + each for each in ALPHABET if fits_uscc(body + each)]
    other = data.draw(st.sampled_from(ALPHABET.replace(code[place], "")))

    assert not fits_uscc(code[:place] + other + code[place + 1 :])


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 15))
def test_two_characters_of_a_credit_code_exchanged_are_caught(body, place):
    (code,) = [body + each for each in ALPHABET if fits_uscc(body + each)]
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert fits_uscc(swapped) == (swapped == code)


@given(st.text(DIGITS, min_size=13, max_size=13), st.integers(0, 13), st.sampled_from(DIGITS))
def test_every_wrong_digit_of_a_licence_is_caught(body, place, other):
    (digits,) = [body + each for each in DIGITS if fits_mod_11_10(body + each)]
    wrong = digits[:place] + other + digits[place + 1 :]

    assert fits_mod_11_10(wrong) == (wrong == digits)


@given(st.text(max_size=18) | st.text(alphabet=ALPHABET + "IOSVZ", min_size=18, max_size=18))
def test_what_is_mended_is_a_code(written):
    mended = mended_uscc(written)

    assert mended is None or is_uscc(mended)
