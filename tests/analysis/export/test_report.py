"""The report, the archive and the slides, read again."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pandas as pd
import pypdf
import pytest
from PIL import Image

from analysis import Filters, OneOf, read_cohort, yearly_relapse, yearly_remission
from analysis.cohort.question import Question
from analysis.export.archive import report_archive, report_slides
from analysis.export.methods import limitations
from analysis.export.patient_flow import patient_flow
from analysis.export.python_script import Origin
from analysis.export.report import Report, Table, report_html
from analysis.export.sharing import Sharing
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.footnotes import FOOTNOTE
from analysis.figures.common.html_table import table_html
from analysis.figures.common.paper import Paper
from analysis.figures.yearly.outcome_table import outcome_table
from analysis.figures.yearly.yearly_tables import yearly_table
from tests.analysis.disclosure.disclosed import safe_of
from tests.analysis.export.exhibits import SAMPLE, exhibit, incidence, ledger, remission, scores, survival

EMPTY_TAGS = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """The references and text of a page, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in EMPTY_TAGS:
            self.open.append(tag)
        self.outside += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset", "data")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.words += f" {data}"


def made(
    question: Question = Question(), title: str = "A title", synthetic: bool = True, paper: Paper = Paper()
) -> Report:
    shown = tuple(exhibit(draw, question) for draw in (survival, remission, ledger, scores))
    asked = shown[0].asked
    told = [
        Estimate(function(asked.cohort, by=asked.by), function, asked.cohort, (), {"by": asked.by})
        for function in (yearly_remission, yearly_relapse)
    ]
    rows = outcome_table(*(each.result for each in told), titles=["Complete remission", "New relapse"])
    return Report(
        title=title,
        asked=asked,
        selection=tuple(question.filters.words()),
        patients=patient_flow(asked, question.filters),
        exhibits=shown,
        tables=(Table("Remission and relapse per year", rows, tuple(told)),),
        limitations=tuple(limitations(asked, yearly_remission(asked.cohort), synthetic)),
        made_on=date(2026, 11, 24),
        synthetic=synthetic,
        paper=paper,
    )


def test_the_report_has_what_a_paper_needs_and_no_external_references() -> None:
    html = report_html(made(title='<b>"A & B"</b>')).decode()
    page = Page(html)
    assert page.outside == []
    assert page.open == []
    assert not re.search(r"@import|url\((?!#)", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL))
    names = re.findall(r'<[^>]* id="([^"]*)"', html)
    assert len(names) == len(set(names))
    for words in ('<b>"A & B"</b>', "23/83", "12/39", "5/12", "3/6", "10/83", "7/39", "2/12", "1/6", "Synthetic"):
        assert words in page.words
    for heading in (
        "Patients and outcomes",
        "Other figures",
        "Methods",
        "Limitations",
        "Flow of patients",
        "References",
    ):
        assert f"<h2>{heading}</h2>" in html
    assert "Kaplan EL, Meier P" in page.words
    assert not {"nan", "None", "inf"} & set(page.words.split())


@pytest.mark.parametrize(
    ("groups", "printed"),
    [(2, "numbers"), (5, "numbers wide"), (7, "numbers wide across"), (20, "numbers wide across broken")],
)
def test_a_table_of_many_groups_is_printed_small_then_turned_round_before_a_value_is_broken(
    groups: int, printed: str
) -> None:
    values = {f"Group {place} (n = 20)": ["13.0 (10.0–17.0)"] for place in range(groups)}
    rows = pd.DataFrame({"Characteristic": ["Baseline proteinuria (g/24 h), median (quartiles)"], **values})
    whole = made()
    report = replace(whole, exhibits=whole.exhibits[:1], tables=(Table("Who they were", rows, ()),))
    assert f'<div class="{printed}"><h4>Table 1. Who they were</h4>' in report_html(report).decode()


def test_the_table_of_the_paper() -> None:
    table = outcome_table(
        yearly_remission(SAMPLE), yearly_relapse(SAMPLE), titles=["Complete remission", "New relapse"]
    ).set_index("Outcome")
    counts = table.map(lambda cell: cell.split(":")[0])
    assert counts.loc["Complete remission"].tolist() == ["23/83", "12/39", "5/12", "3/6"]
    assert counts.loc["New relapse"].tolist() == ["10/83", "7/39", "2/12", "1/6"]
    assert table.loc["Complete remission", "Year 1"].endswith("28 % (19–38)")  # Wilson interval of the published counts


def test_a_pale_year_has_its_footnote_in_every_table(archive: zipfile.ZipFile) -> None:
    bars = yearly_remission(SAMPLE).bars
    assert 0 < bars["immature"].sum() < len(bars)
    rows = made().tables[0].rows.set_index("Outcome")
    assert rows.loc["Complete remission"].str.endswith(" †").tolist() == bars["immature"].tolist()
    year_by_year = yearly_table(yearly_remission(SAMPLE))
    assert year_by_year["Share"].str.endswith(" †").tolist() == bars["immature"].tolist()
    assert FOOTNOTE in table_html("By year", year_by_year)
    assert FOOTNOTE in Page(archive.read("report.html").decode()).words
    (name,) = [name for name in archive.namelist() if name.startswith("tables/")]
    assert FOOTNOTE in archive.read(name).decode("utf-8-sig")
    whole = yearly_table(yearly_remission(SAMPLE, years=[1]))
    assert FOOTNOTE not in table_html("By year", whole)


def test_a_year_in_which_nobody_was_assessed_says_so() -> None:
    compared = yearly_remission(SAMPLE, by="msc_source")
    one = yearly_remission(SAMPLE.where(Filters({"age_years": OneOf(18.0)})), years=[1, 4])
    table = outcome_table(compared, titles=["Complete remission"])
    assert table["Outcome"].tolist() == ["Complete remission, BM", "Complete remission, UC"]
    assert "nobody assessed" in outcome_table(one, titles=["Complete remission"]).to_string()


def test_hidden_counts_are_words() -> None:
    results = [safe_of(estimate(SAMPLE), Sharing(least=5)) for estimate in (yearly_remission, yearly_relapse)]
    table = outcome_table(*results, titles=["Complete remission", "New relapse"]).set_index("Outcome")
    assert table.loc["Complete remission"].tolist()[1:] == ["12/39: 31 % (19–46)", "5/12: 42 % (19–68) †", "hidden/6"]
    assert table.loc["New relapse", "Year 1"] == "hidden"


def test_limitations_follow_from_the_data() -> None:
    everybody = made().asked
    told = " ".join(limitations(everybody, yearly_remission(SAMPLE), synthetic=True))
    assert "Only 5 deaths" in told
    assert "Of 87 patients 83 were assessed at year 1 and 6 at year 4" in told
    assert "synthetic" in told
    large = read_cohort(
        pd.DataFrame(
            {"patient_id": range(40), "follow_up_months": range(1, 41), "died": [1, 0] * 20, "msc_source": "BM"}
        )
    )
    told = limitations(Question().of(large), yearly_remission(large), synthetic=False)
    assert told == ["Without patients who were treated otherwise, no change can be put down to the cells."]


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(
        io.BytesIO(report_archive(made(Question(compare="msc_source"), paper=Paper(width_mm=120)), Origin()))
    )


def test_every_file_of_the_archive_can_be_read(archive: zipfile.ZipFile) -> None:
    assert archive.testzip() is None
    endings = set()
    for name in archive.namelist():
        data, ending = archive.read(name), name.rpartition(".")[2]
        endings.add(ending)
        if ending == "png":
            assert Image.open(io.BytesIO(data)).width == pytest.approx(120 / 25.4 * 300, abs=1.5)
        elif ending == "pdf":
            assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == 1
        elif ending == "csv":
            assert len(pd.read_csv(io.BytesIO(data), comment="#", encoding="utf-8-sig"))
        elif ending == "html":
            assert Page(data.decode()).open == []
    assert endings == {"html", "png", "svg", "pdf", "csv", "txt", "py", "R", "SHA256SUMS"}


def test_two_figures_with_the_same_name_are_both_included() -> None:
    twice = replace(made(), exhibits=(exhibit(incidence), exhibit(incidence)))
    names = zipfile.ZipFile(io.BytesIO(report_archive(twice, Origin()))).namelist()
    assert len(names) == len(set(names))
    assert sum(name.endswith(".png") for name in names) == 2


@pytest.fixture(scope="module")
def deck() -> bytes:
    pytest.importorskip("pptx")
    return report_slides(made(Question(compare="msc_source")))


def test_there_is_one_slide_per_figure(deck: bytes) -> None:
    pptx = pytest.importorskip("pptx")
    titles = [slide.shapes.title.text for slide in pptx.Presentation(io.BytesIO(deck)).slides]
    assert titles == ["A title", *(f"What about {name}?" for name in ("survival", "remission", "ledger", "scores"))]


def test_a_hall_reads_the_letters_of_a_slide_and_its_picture_takes_most_of_the_height(deck: bytes) -> None:
    pptx = pytest.importorskip("pptx")
    _, *shown = pptx.Presentation(io.BytesIO(deck)).slides
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        drawn = sorted(name for name in archive.namelist() if name.endswith(".svg"))
        widths = [float(re.search(r'viewBox="0 0 (\S+) ', archive.read(name).decode())[1]) for name in drawn]
    for slide, laid_out in zip(shown, widths, strict=True):
        (figure,) = (each for each in slide.shapes if each.name == "Figure")
        assert figure.height / (7.5 * 914_400) > 0.75
        points = 13 * figure.width / 12_700 / laid_out  # of the largest letters, which are laid out with 13 pixels
        # The legend of scores takes a third of the height.
        assert points > (15 if "scores" in slide.shapes.title.text else 19.5), slide.shapes.title.text


def test_pictures_of_the_archive_say_what_is_dashed_pale_and_cut(archive: zipfile.ZipFile) -> None:
    check_notes(archive)


def test_pictures_of_slides_say_what_is_dashed_pale_and_cut(deck: bytes) -> None:
    check_notes(zipfile.ZipFile(io.BytesIO(deck)))


def check_notes(files: zipfile.ZipFile) -> None:
    pictures = " ".join(files.read(name).decode() for name in files.namelist() if name.endswith(".svg"))
    words = " ".join(re.findall(r">([^<>]+)<", pictures)).replace("\xa0", " ").lower()
    assert "dotted: fewer than 10 at risk" in words
    assert "pale bars: fewer than half could be followed that long" in words
    assert "band beyond the axis: bm month 48, uc month 36" in words
