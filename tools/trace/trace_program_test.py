"""The trace player from outside: its exit status, its JSON, its SVG, and that it is repeatable."""

import json
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

_PROGRAM = "tools/trace/trace"
_SVG = "{http://www.w3.org/2000/svg}"


def play(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_PROGRAM, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


def figures(*arguments: str) -> dict:
    result = play(*arguments, "--quiet", "--json=-")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


class TraceProgramTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_hits(self) -> None:
        arguments = ("--in-process", "-m", "4", "--requests=50000", "--one-hit-share=0.2")
        first, second = figures(*arguments)["targets"], figures(*arguments)["targets"]
        self.assertEqual(first[0]["hits"], second[0]["hits"])
        other = figures(*arguments, "--seed=2")["targets"]
        self.assertNotEqual(first[0]["hits"], other[0]["hits"])

    def test_everything_but_first_reads_hits_where_all_fits(self) -> None:
        result = figures("--in-process", "--requests=20000", "--keys=1000")
        target = result["targets"][0]
        self.assertEqual(target["hits"], 20000 - result["keys"])
        self.assertEqual(target["hits"], target["simulated_lru"]["hits"])
        self.assertEqual(target["items"], result["keys"])
        self.assertEqual(target["payload_bytes"], result["keys"] * 132)

    def test_a_file_is_replayed(self) -> None:
        result = figures("--in-process", "--file=tools/trace/testdata/small.csv")
        self.assertEqual((result["requests"], result["reads"], result["skipped"]), (5, 2, 1))
        self.assertEqual(result["targets"][0]["hits"], 0)

    def test_the_svg_is_well_formed_and_labelled(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "curve.svg")
            result = play(
                "--in-process", "--requests=20000", "--keys=5000", "--curve=1,2,4", f"--svg={file}"
            )
            self.assertEqual(result.returncode, 0, result.stderr)
            root = xml.etree.ElementTree.parse(file).getroot()
        self.assertEqual(root.tag, _SVG + "svg")
        texts = [text.text for text in root.iter(_SVG + "text")]
        for label in ("1", "2", "4", "memory limit, MiB (logarithmic)", "in process"):
            self.assertIn(label, texts)
        lines = list(root.iter(_SVG + "polyline"))
        self.assertEqual([len(line.get("points").split()) for line in lines], [3, 3, 3])
        self.assertIn("miss ratio", result.stdout)

    def test_a_name_in_the_svg_is_escaped(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            trace, svg = pathlib.Path(folder, "a<b>&c"), pathlib.Path(folder, "curve.svg")
            trace.write_text("one\ntwo\n")
            arguments = ("--in-process", "--format=keys", f"--file={trace}", f"--svg={svg}")
            self.assertEqual(play(*arguments).returncode, 0)
            root = xml.etree.ElementTree.parse(svg).getroot()
            self.assertEqual(root.find(_SVG + "title").text, str(trace))

    def test_errors_say_what_is_wrong(self) -> None:
        result = play("--bogus")
        self.assertEqual((result.returncode, "--bogus" in result.stderr), (2, True))
        result = play("--in-process", "--file=/nowhere")
        self.assertEqual((result.returncode, "/nowhere" in result.stderr), (1, True))
        result = play("--server=127.0.0.1:1", "--requests=10")
        self.assertEqual((result.returncode, "127.0.0.1:1" in result.stderr), (1, True))
        result = play("--memcached", "--memcached-program=/nowhere", "--requests=10")
        self.assertEqual((result.returncode, "is it installed" in result.stderr), (1, True))
        result = play("--in-process", "--requests=10", "--json=/nowhere/file")
        self.assertEqual((result.returncode, "cannot write" in result.stderr), (1, True))


if __name__ == "__main__":
    unittest.main()
