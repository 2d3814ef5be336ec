"""What a report of one period stands on: nothing later, no census twice, nothing mixed."""

import sys
import time

import pytest
from extracts.extract_files import (
    bulletin_xlsx,
    census_csv,
    deprivation_csv,
    patients_csv,
    practice_map_csv,
    raw_folder,
    simple_bulletin,
    zip_bytes,
)

from analysis.errors import ExtractError, UsageError
from analysis.extracts import (
    Catalogue,
    ingest,
    load_bulletin,
    load_deprivation,
    load_patients,
    load_practice_map,
    load_workforce,
)


@pytest.fixture
def processed(tmp_path):
    return tmp_path / "processed"


@pytest.fixture
def run(tmp_path, processed):
    def ingest_files(files, period=None, published=()):
        return ingest(raw_folder(tmp_path / "raw", files), processed, period, published)

    return ingest_files


def test_an_interrupt_does_not_wait_for_files_that_are_not_begun(run, monkeypatch):
    begun: list[str] = []

    def interrupted(loose, store):
        begun.append(loose.file)
        if len(begun) == 1:
            raise KeyboardInterrupt
        time.sleep(0.1)
        return [], []

    monkeypatch.setattr(sys.modules["analysis.extracts.ingest"], "examine", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run({f"{number:02}.csv": census_csv("2022-09") for number in range(40)})
    assert len(begun) < 20


QUARTERS = {f"{census}.csv": census_csv(census) for census in ("2022-03", "2022-06", "2022-09")}


def test_latest_individual_census_is_the_default(run):
    """Bulletin tables that go further do not move the period beyond the last individual-level census."""
    catalogue = run({**QUARTERS, "b.xlsx": simple_bulletin({"September 2022": 1, "December 2022": 2})})
    assert (catalogue.period, catalogue.national_only) == ("2022-09", False)


def test_nothing_later_than_the_period(run, processed):
    """Later extracts are counted and nothing else: no input, no reason, no warning, no figure, no category."""
    later = {
        "later.zip": zip_bytes({"9.March 2021.csv": census_csv("2022-09", 3), "definitions.xlsx": bulletin_xlsx(None)}),
        "b.xlsx": simple_bulletin({"March 2022": 1, "June 2022": 2, "September 2022": 3}),
        "late.xlsx": simple_bulletin({"September 2022": 3}),
    }
    catalogue = run({**QUARTERS, **later}, "2022-06")
    assert (catalogue.period, catalogue.later, catalogue.left_out, catalogue.warnings) == ("2022-06", 3, (), ())
    assert [(entry.file, entry.first_census, entry.last_census, entry.rows) for entry in catalogue.inputs] == [
        ("b.xlsx", "2022-03", "2022-06", 2),
        ("2022-03.csv", "2022-03", "2022-03", 1),
        ("2022-06.csv", "2022-06", "2022-06", 1),
    ]
    assert "2022-09" not in catalogue.to_json()
    for frame in (load_workforce(catalogue, processed), load_bulletin(catalogue, processed)):
        assert list(frame["census"].cat.categories) == ["2022-03", "2022-06"]
    assert load_patients(catalogue, processed).empty


@pytest.mark.parametrize(("date", "used"), [("2022-07-01", True), ("2022-08-01", False)])
def test_lists_up_to_the_month_after_the_census(run, processed, date, used):
    """That of the first of the next month is published before the extract; a later one is named, with its reason."""
    lists = {"p.csv": patients_csv([{"EXTRACT_DATE": date}]), "m.csv": practice_map_csv([{"EXTRACT_DATE": date}])}
    catalogue = run({**QUARTERS, **lists}, "2022-06")
    assert {entry.kind for entry in catalogue.inputs} == {"workforce", *(["patients", "practice_map"] if used else [])}
    assert len(load_patients(catalogue, processed)) == len(load_practice_map(catalogue, processed)) == int(used)
    reason = "its list of August 2022 was published later than the extract of the report’s census"
    assert [(e.file, e.reason) for e in catalogue.left_out] == ([] if used else [("m.csv", reason), ("p.csv", reason)])
    assert catalogue.later == 1  # the census of September


def test_deprivation_scores_up_to_the_year_of_the_census(run, processed):
    """The year of the index is told; no report could have known a later one."""
    files = {**QUARTERS, "d.csv": deprivation_csv([{"IMD_YEAR": "2019"}]), "e.csv": deprivation_csv()}
    catalogue = run(files, "2022-03")
    (entry,) = [entry for entry in catalogue.inputs if entry.kind == "deprivation"]
    assert (entry.file, entry.first_census, entry.last_census, entry.rows) == ("d.csv", "2019", "2019", 1)
    assert load_deprivation(catalogue, processed).drop(columns="sha256").to_dict("records") == [
        {"practice_code": "A81001", "imd_year": 2019, "imd_score": 33.519}
    ]
    assert [(entry.file, entry.reason) for entry in catalogue.left_out] == [
        ("e.csv", "its index of 2025 is later than the census of the report")
    ]


@pytest.mark.parametrize(
    ("make", "change", "message"),
    [
        ("practice_map_csv", {"PCN_CODE": "U00001"}, "the map of practices of 2022-07-01"),
        ("deprivation_csv", {"IMD_SCORE": "1"}, "the deprivation scores of 2025"),
    ],
)
def test_two_lists_that_contradict(run, make, change, message):
    """Two maps of one date, or two scores of one year, cannot both be right."""
    made = {"practice_map_csv": practice_map_csv, "deprivation_csv": deprivation_csv}[make]
    with pytest.raises(ExtractError, match=f"Two files hold {message} and differ"):
        run({"a.csv": made(), "b.csv": made([change]), "c.csv": census_csv("2025-06" if "dep" in make else "2022-06")})


def test_a_list_whose_date_cannot_be_read_is_set_aside(run):
    """The report is made without it, and the reader is told why."""
    catalogue = run({**QUARTERS, "p.csv": patients_csv([{"EXTRACT_DATE": "01/07/2022"}])}, "2022-06")
    (entry,) = catalogue.left_out
    assert entry.reason.startswith("its EXTRACT_DATE cannot be read with certainty in line 2 '01/07/2022'")


def test_period_from_bulletin_tables_only(run, tmp_path, processed):
    """A census that only the bulletin tables have gives a national report."""
    files = {**QUARTERS, "b.xlsx": simple_bulletin({"September 2022": 1, "December 2022": 2})}
    catalogue = run(files, "2022-12")
    assert (catalogue.period, catalogue.national_only, catalogue.later) == ("2022-12", True, 0)
    alone = ingest(raw_folder(tmp_path / "alone", {"b.xlsx": files["b.xlsx"]}), processed)
    assert (alone.period, alone.national_only) == ("2022-12", True)


@pytest.mark.parametrize("period", ["2022-04", "2022-12", "2020-03"])
def test_period_that_no_extract_holds(run, period):
    """The censuses there are, and an example, are told."""
    with pytest.raises(ExtractError) as caught:
        run(QUARTERS, period)
    assert "There are: 2022-03, 2022-06, 2022-09" in caught.value.what
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("period", ["2022-13", "2019-12", "September 2022"])
def test_period_that_is_no_census_month(run, period):
    """It is refused before anything is read."""
    with pytest.raises(UsageError):
        run({}, period)


def test_patients_alone(run):
    """Denominators without a workforce make no report."""
    with pytest.raises(ExtractError, match="only lists of patients"):
        run({"p.csv": patients_csv()})


def test_a_census_of_the_register_alone_is_made_when_it_is_asked_for(run):
    """By name, with whatever real extracts lie beside it; never by default; the extract goes before it."""
    published = ("2022-06", "2024-03")
    asked = run(QUARTERS, "2024-03", published)
    assert (asked.period, asked.national_only, asked.from_register) == ("2024-03", True, True)
    held = run(QUARTERS, "2022-06", published)
    assert (held.national_only, held.from_register) == (False, False)
    assert run(QUARTERS, None, published).period == "2022-09"
    with pytest.raises(ExtractError, match="No extract holds the census of May 2024"):
        run(QUARTERS, "2024-05", published)


def test_registered_patients_do_for_a_census_of_the_register(run):
    """They are named as too little only where no period is, and the message says which censuses there are."""
    files = {"p.csv": patients_csv()}
    assert run(files, "2024-03", ("2024-03",)).from_register
    with pytest.raises(ExtractError, match="National totals are at hand for 2020-03 to 2024-03"):
        run(files, None, ("2020-03", "2024-03"))


def test_the_register_is_not_there_beside_synthetic_extracts(run):
    """A published figure must never stand in a synthetic report as if it were one of its own."""
    sample = census_csv("2022-03", PCN_NAME="SYNTHETIC PCN")
    with pytest.raises(ExtractError, match="No extract holds"):
        run({"s.csv": sample}, "2024-03", ("2024-03",))


# ---- the same twice -------------------------------------------------------------------------------------------------


def test_same_content_twice(run):
    """One content is taken once, the loose file before the archive, and it is said."""
    catalogue = run({"a.zip": zip_bytes({"a.csv": QUARTERS["2022-06.csv"]}), "b/2022-06.csv": QUARTERS["2022-06.csv"]})
    assert [entry.file for entry in catalogue.inputs] == ["b/2022-06.csv"]
    assert catalogue.warnings == ("a.zip!a.csv has the same content as b/2022-06.csv: it is taken once.",)


def test_one_census_with_two_contents(run):
    """Both names, their rows and the way out are told."""
    with pytest.raises(ExtractError) as caught:
        run({"a.csv": census_csv("2022-06", 1), "b.csv": census_csv("2022-06", 2)})
    assert caught.value.what == (
        "Two files hold the census of June 2022 and differ: a.csv (rows: 1) and b.csv (rows: 2)."
    )
    assert "move the other out" in caught.value.fix


def test_two_contents_of_a_later_census_do_not_matter(run):
    """A contradiction after the period is none of the report's business."""
    catalogue = run({**QUARTERS, "other.csv": census_csv("2022-09", 2)}, "2022-06")
    assert catalogue.period == "2022-06"


def test_later_edition_of_the_bulletin_tables_wins(run, processed):
    """For each census the latest edition that has it is used, for the others the earlier one."""
    files = {
        **QUARTERS,
        "old.xlsx": simple_bulletin({"March 2022": 10, "June 2022": 20}),
        "new.xlsx": simple_bulletin({"June 2022": 21, "September 2022": 30}),
        "oldest.xlsx": simple_bulletin({"March 2022": 9}),
    }
    catalogue = run(files)
    assert [(e.file, e.first_census, e.last_census, e.rows) for e in catalogue.inputs if e.kind == "bulletin"] == [
        ("old.xlsx", "2022-03", "2022-03", 1),
        ("new.xlsx", "2022-06", "2022-09", 2),
    ]
    assert load_bulletin(catalogue, processed)["value"].tolist() == [10.0, 21.0, 30.0]
    assert [entry.file for entry in catalogue.left_out] == ["oldest.xlsx"]
    assert catalogue.warnings == ("old.xlsx is not used for 2022-06 because a later edition of the tables has it too.",)


def test_one_edition_with_two_contents(run):
    """Two workbooks to the same census that differ contradict; that agree are taken once."""
    same = bulletin_xlsx([["Role", "June 2022"], ["Care Coordinators [Note 12]", 20]], title="Saved again")
    catalogue = run({**QUARTERS, "a.xlsx": simple_bulletin({"June 2022": 20}), "b.xlsx": same})
    assert [entry.file for entry in catalogue.inputs if entry.kind == "bulletin"] == ["a.xlsx"]
    assert "b.xlsx has the same figures as a.xlsx: it is taken once." in catalogue.warnings
    with pytest.raises(ExtractError, match=r"a\.xlsx \(figures: 1\) and b\.xlsx \(figures: 1\)"):
        run({"b.xlsx": simple_bulletin({"June 2022": 21})})


def test_lists_of_patients(run, processed):
    """Different dates and different types of organisation stand side by side; the same ones contradict."""
    files = {
        **QUARTERS,
        "april.csv": patients_csv([{"EXTRACT_DATE": "2022-04-01"}]),
        "july.csv": patients_csv(),
        "july icb.csv": patients_csv([{"ORG_TYPE": "ICB", "ORG_CODE": "QWE"}]),
    }
    catalogue = run(files)
    assert load_patients(catalogue, processed)["org_type"].value_counts().to_dict() == {"pcn": 2, "icb": 1}
    with pytest.raises(ExtractError, match=r"the list of 2022-07-01 for pcn and differ: again\.csv"):
        run({"again.csv": patients_csv([{"NUMBER_OF_PATIENTS": "1"}])})


# ---- what is said ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("9.Primary Care Networks – March 2021 Individual Level.csv", "March 2021"),
        ("PCNWFIndividualCSV.032021.csv", "March 2021"),
        ("9.Primary Care Networks – June 2022 Individual Level.csv", None),
        ("workforce.csv", None),
    ],
)
def test_name_that_disagrees_with_the_census(run, name, named):
    """The month inside is used; a name that states another is warned of."""
    expected = (f"{name} is named for {named} and holds June 2022: the month inside is used.",) if named else ()
    assert run({name: QUARTERS["2022-06.csv"]}).warnings == expected


def test_archive_name_speaks_for_its_only_extract(run):
    """The month in an archive's name is compared when its one member states none."""
    (warning,) = run({"PCNWFIndividualCSV.032022.zip": zip_bytes({"a.csv": QUARTERS["2022-06.csv"]})}).warnings
    assert "is named for March 2022 and holds June 2022" in warning


def test_real_beside_synthetic(run):
    """A sample and real extracts are never counted together."""
    sample = census_csv("2022-03", PCN_NAME="SYNTHETIC PCN")
    assert run({"s.csv": sample}).synthetic
    with pytest.raises(ExtractError, match=r"Synthetic: s\.csv\. Real: 2022-06\.csv"):
        run({"2022-06.csv": QUARTERS["2022-06.csv"]})


# ---- the catalogue and the frames -----------------------------------------------------------------------------------


def test_catalogue_survives_as_text(run):
    """What is written is read back the same, in the same bytes, without a path of the machine."""
    catalogue = run({**QUARTERS, "b.xlsx": simple_bulletin({"June 2022": 1}), "x.txt": b"a,b\n"})
    assert Catalogue.from_json(catalogue.to_json()) == catalogue
    assert run({}).to_json() == catalogue.to_json()
    assert "/" not in catalogue.to_json()


def test_categories_are_joined_and_sorted(run, processed):
    """Text that repeats is category across extracts, and which extract a row came from is known."""
    catalogue = run({"1.csv": census_csv("2022-03", PCN_NAME="B"), "2.csv": census_csv("2022-06", 2, PCN_NAME="A")})
    frame = load_workforce(catalogue, processed)
    assert frame["pcn_name"].tolist() == ["B", "A", "A"]
    assert list(frame["pcn_name"].cat.categories) == ["A", "B"]
    assert frame["sha256"].tolist() == [catalogue.inputs[0].sha256, *[catalogue.inputs[1].sha256] * 2]


def test_empty_frames_have_their_columns_and_types(run, processed):
    """Nothing to load is a frame without rows, not without columns."""
    scores = deprivation_csv([{"IMD_YEAR": "2019"}])
    lists = {"p.csv": patients_csv(), "m.csv": practice_map_csv(), "d.csv": scores}
    full = run({**QUARTERS, "b.xlsx": simple_bulletin({"June 2022": 1}), **lists})
    empty = Catalogue("2022-09", True, False, (), (), (), 0)
    for load in (load_workforce, load_bulletin, load_patients, load_practice_map, load_deprivation):
        expected, found = load(full, processed), load(empty, processed)
        assert (len(expected) > 0, len(found)) == (True, 0)
        assert (
            found.dtypes.map(lambda dtype: dtype.name).to_dict()
            == expected.dtypes.map(lambda dtype: dtype.name).to_dict()
        )
