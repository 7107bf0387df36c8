"""libmemcached's own conformance test, restricted to the text protocol."""

import unittest

from tools.clients import installed
from tools.clients.server_process import start_server

# What the list had when this was written: fewer would mean that the program gave up early.
_ASCII_TESTS = 27


class Memccapable(unittest.TestCase):
    def test_every_ascii_test_passes(self) -> None:
        program = installed.program("memccapable", "libmemcached-tools")
        server = start_server(self)
        output = installed.run_successfully(
            [program, "-h", "127.0.0.1", "-p", str(server.port), "-a", "-t", "20"]
        )
        self.assertEqual(output.count("[pass]"), _ASCII_TESTS, output)
        self.assertIn("All tests passed", output)
        self.assertNotIn("[FAIL]", output)


if __name__ == "__main__":
    unittest.main()
