"""PHP's memcached extension over three servers. The checks are in memcached.php."""

import unittest

from tools.clients import installed
from tools.clients.server_process import start_server


class PhpMemcached(unittest.TestCase):
    def test_the_script(self) -> None:
        php = installed.program("php", "php-cli")
        servers = [start_server(self).host_and_port for _ in range(3)]
        output = installed.run_successfully([php, "tools/clients/memcached.php", *servers])
        self.assertGreater(output.count("ok "), 45, output)
        self.assertNotIn("not ok", output)


if __name__ == "__main__":
    unittest.main()
