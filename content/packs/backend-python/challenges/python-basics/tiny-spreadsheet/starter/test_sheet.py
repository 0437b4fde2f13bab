"""Tests of sheet. Run them with: python -m unittest test_sheet"""

import unittest

import sheet
from sheet import Call, CellError, Number, Operation, Reference, Sheet


def filled(**cells):
    made = Sheet()
    for name, text in cells.items():
        made.set(name, text)
    return made


class TestStarter(unittest.TestCase):
    def test_a_formula_is_cut_into_tokens(self):
        found = sheet.tokens(" 1.5* SUM(A1:B12)")
        self.assertEqual(found[:3], [("number", "1.5"), ("sign", "*"), ("name", "SUM")])
        self.assertEqual([kind for kind, _ in found[3:]], ["sign", "cell", "sign", "cell", "sign"])

    def test_other_characters_are_refused(self):
        with self.assertRaises(CellError):
            sheet.tokens("__import__")


class TestParse(unittest.TestCase):
    def test_products_come_before_sums(self):
        product = Operation("*", Number(2), Reference("A1"))
        self.assertEqual(sheet.parse("1+2*A1"), Operation("+", Number(1), product))
        self.assertEqual(sheet.parse("2*A1+1"), Operation("+", product, Number(1)))

    def test_equal_signs_go_from_left_to_right(self):
        first = Operation("-", Number(9), Number(3))
        self.assertEqual(sheet.parse("9-3-2"), Operation("-", first, Number(2)))
        first = Operation("/", Number(8), Number(4))
        self.assertEqual(sheet.parse("8/4/2"), Operation("/", first, Number(2)))

    def test_parentheses(self):
        total = Operation("+", Number(1), Number(2))
        self.assertEqual(sheet.parse("(1+2)*3"), Operation("*", total, Number(3)))
        self.assertEqual(sheet.parse("((7))"), Number(7))

    def test_a_sign_in_front(self):
        self.assertEqual(sheet.parse("-A1"), Operation("-", Number(0), Reference("A1")))
        found = sheet.parse("2*-3")
        self.assertEqual(found, Operation("*", Number(2), Operation("-", Number(0), Number(3))))

    def test_functions(self):
        self.assertEqual(sheet.parse("SUM(A1:B3)"), Call("SUM", "A1", "B3"))
        self.assertEqual(sheet.parse("MAX( C7 )"), Call("MAX", "C7", "C7"))

    def test_what_is_not_a_formula(self):
        for text in (
            "",
            "1+",
            "*2",
            "1 2",
            "(1",
            "1)",
            "()",
            "SUM",
            "SUM()",
            "SUM(1)",
            "A1:B2",
            "SUM(A1:)",
            "A",
            "1..2",
            "A0",
        ):
            with self.subTest(text), self.assertRaisesRegex(CellError, sheet.SYNTAX):
                sheet.parse(text)


class TestNames(unittest.TestCase):
    def test_columns(self):
        known = {0: "A", 1: "B", 25: "Z", 26: "AA", 27: "AB", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"}
        self.assertEqual({index: sheet.column_name(index) for index in known}, known)

    def test_rectangles(self):
        self.assertEqual(list(sheet.cells_between("A1", "B2")), ["A1", "B1", "A2", "B2"])
        self.assertEqual(list(sheet.cells_between("Z9", "AA10")), ["Z9", "AA9", "Z10", "AA10"])
        self.assertEqual(list(sheet.cells_between("C3", "C3")), ["C3"])

    def test_the_corners_may_be_the_other_way_round(self):
        self.assertEqual(list(sheet.cells_between("B1", "A2")), ["A1", "B1", "A2", "B2"])


class TestValues(unittest.TestCase):
    def of(self, formula, **cells):
        return filled(Z99=formula, **cells).value("Z99")

    def test_plain_cells(self):
        made = filled(A1="12.5", A2="rent", A3="-4", A4="1e3", A5="nan")
        self.assertEqual([made.value(f"A{row}") for row in (1, 2, 3, 9)], [12.5, "rent", -4.0, ""])
        self.assertEqual([made.value("A4"), made.value("A5")], ["1e3", "nan"])
        self.assertIs(type(made.value("A3")), float)

    def test_arithmetic(self):
        for formula, value in (
            ("=1+2*3", 7),
            ("=(1+2)*3", 9),
            ("=9-3-2", 4),
            ("=8/4/2", 1),
            ("=--2", 2),
            ("=-2+5", 3),
        ):
            with self.subTest(formula):
                self.assertEqual(self.of(formula), value)

    def test_other_cells(self):
        self.assertEqual(self.of("=A1*A2", A1="6", A2="=A3+1", A3="6"), 42)

    def test_an_empty_cell_counts_as_zero(self):
        self.assertEqual(self.of("=B7+1"), 1)

    def test_a_reference_alone_may_be_a_text(self):
        self.assertEqual(self.of("=A1", A1="rent"), "rent")

    def test_functions_pass_over_texts_and_empty_cells(self):
        cells = {"A1": "3", "A2": "rent", "B1": "=A1+1", "B3": "-5"}
        for formula, value in (
            ("=SUM(A1:B3)", 2),
            ("=MIN(A1:B3)", -5),
            ("=MAX(A1:B3)", 4),
            ("=COUNT(A1:B3)", 3),
            ("=SUM(C1:C3)", 0),
            ("=COUNT(A2)", 0),
        ):
            with self.subTest(formula):
                self.assertEqual(self.of(formula, **cells), value)

    def test_the_least_of_nothing_is_zero(self):
        self.assertEqual([self.of("=MIN(C1:C3)"), self.of("=MAX(C1:C3)")], [0, 0])


class TestErrors(unittest.TestCase):
    def of(self, formula, **cells):
        return filled(Z99=formula, **cells).value("Z99")

    def test_each_error_has_its_own_text(self):
        for formula, value in (
            ("=1/0", "#DIV/0!"),
            ("=1/B7", "#DIV/0!"),
            ("=A1+1", "#VALUE!"),
            ("=-A1", "#VALUE!"),
            ("=1+", "#SYNTAX!"),
            ("=a1", "#SYNTAX!"),
            ("=POWER(A1)", "#NAME?"),
            ("=Z99", "#CYCLE!"),
        ):
            with self.subTest(formula):
                self.assertEqual(self.of(formula, A1="rent"), value)

    def test_an_error_goes_on_to_the_cells_that_use_it(self):
        made = filled(A1="=1/0", A2="=A1+1", A3="=SUM(A1:A2)", A4="=A4", A5="=A4*2")
        self.assertEqual([made.value(name) for name in ("A2", "A3")], ["#DIV/0!"] * 2)
        self.assertEqual(made.value("A5"), "#CYCLE!")

    def test_cells_that_use_each_other(self):
        made = filled(A1="=B1", B1="=C1+1", C1="=SUM(A1:A9)", D1="=2+2")
        self.assertEqual([made.value(name) for name in ("A1", "B1", "C1", "D1")], ["#CYCLE!"] * 3 + [4])

    def test_a_cell_that_is_used_twice_is_not_a_cycle(self):
        self.assertEqual(self.of("=A2+A3", A1="1", A2="=A1+1", A3="=A1+A2"), 5)

    def test_a_repaired_cell_has_a_value_again(self):
        made = filled(A1="=B1", B1="=A1")
        self.assertEqual(made.value("A1"), "#CYCLE!")
        made.set("B1", "3")
        self.assertEqual(made.value("A1"), 3)


class Counting(Sheet):
    calls = 0

    def calculate(self, name):
        self.calls += 1
        return super().calculate(name)


class TestWork(unittest.TestCase):
    def test_each_cell_is_worked_out_once(self):
        made = Counting()
        made.set("A1", "1")
        for row in range(2, 13):
            made.set(f"A{row}", f"=A{row - 1}+A{row - 1}")
        self.assertEqual(made.value("A12"), 2048)
        self.assertEqual(made.value("A11"), 1024)
        self.assertEqual(made.calls, 12)

    def test_a_change_is_seen_by_all_cells_that_use_it(self):
        made = filled(A1="1", A2="=A1*10", A3="=SUM(A1:A2)")
        self.assertEqual(made.value("A3"), 11)
        made.set("A1", "2")
        self.assertEqual(made.value("A3"), 22)
        made.set("A1", "")
        self.assertEqual([made.value("A1"), made.value("A3")], ["", 0])


class TestFile(unittest.TestCase):
    def test_the_example(self):
        with open("budget.csv", encoding="utf-8", newline="") as lines:
            made = sheet.load(lines)
        self.assertEqual(made.value("A1"), "item")
        self.assertAlmostEqual(made.value("B5"), 23.9)
        self.assertAlmostEqual(made.value("D6"), 23.9 * 1.19 / 12)
