"""The comparison of clients runs, in little: it is not a measurement."""

import contextlib
import io
import unittest

from tools.clientload import compare_clients


class CompareClientsTest(unittest.TestCase):
    def run_with(self, *arguments):
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                code = compare_clients.main(arguments)
            except SystemExit as exit_:
                code = exit_.code
        return code, output.getvalue()

    def test_every_load_runs_on_both_clients(self):
        code, output = self.run_with("--rounds=1", "--seconds=1")
        self.assertEqual(code, 0, output)
        lines = output.splitlines()
        self.assertEqual(len(lines), 1 + len(compare_clients.LOADS) * len(compare_clients.CLIENTS))
        for load in compare_clients.LOADS:
            found = [line for line in lines if line.startswith(f"{load.name} ")]
            self.assertEqual(len(found), len(compare_clients.CLIENTS), output)

    def test_an_unknown_load_is_named(self):
        code, output = self.run_with("--loads=get-2")
        self.assertEqual(code, 2)
        self.assertIn("there is no load get-2", output)


if __name__ == "__main__":
    unittest.main()
