"""The program from outside: its exit status, and what goes to which stream."""

import subprocess
import unittest

_PROGRAM = "tools/ring/ring"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_PROGRAM, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


class RingProgramTest(unittest.TestCase):
    def test_each_command_prints_its_report(self) -> None:
        for arguments, expected in (
            (("show",), "of what is fair"),
            (("locate", "user:1"), "user:1"),
            (("scale", "--to=4"), "of the keys move"),
            (("--help",), "ring locate KEY..."),
        ):
            result = run(*arguments, "--stateful-set=mycache-memcached.default")
            self.assertEqual((result.returncode, result.stderr), (0, ""), arguments)
            self.assertIn(expected, result.stdout)

    def test_wrong_options_end_with_2(self) -> None:
        for arguments, expected in (
            ((), "a command is missing"),
            (("show", "--bogus"), "--bogus: there is no such option"),
            (("show", "--servers=a", "--to=3"), "--to, --to-servers and --to-weights are for"),
        ):
            result = run(*arguments)
            self.assertEqual((result.returncode, result.stdout), (2, ""), arguments)
            self.assertIn(f"ring: {expected}", result.stderr)

    def test_members_that_make_no_ring_end_with_1(self) -> None:
        result = run("show", "--servers=a,a")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("ring: members 1 and 2 are both a:11211", result.stderr)


if __name__ == "__main__":
    unittest.main()
