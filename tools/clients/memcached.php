<?php
// Checks PHP's memcached extension (libmemcached's face) over the servers given as host:port.
// Writes a line per check; the exit status is 1 if one failed.

declare(strict_types=1);

if (!extension_loaded('memcached')) {
    fwrite(STDERR, "PHP's memcached is not installed. As root: "
        . "apt-get install --no-install-recommends php-memcached\n");
    exit(2);
}

$failures = 0;

function check(string $what, mixed $expected, mixed $found): void
{
    global $failures;
    $same = $expected === $found;
    $failures += $same ? 0 : 1;
    echo $same ? "ok $what\n" : "not ok $what: " . var_export($found, true) . "\n";
}

$servers = array_map(
    function (string $server): array {
        [$host, $port] = explode(':', $server);
        return [$host, (int) $port];
    },
    array_slice($argv, 1),
);
$client = new Memcached();
$client->setOptions([
    Memcached::OPT_CONNECT_TIMEOUT => 30000,
    Memcached::OPT_POLL_TIMEOUT => 30000,
    Memcached::OPT_LIBKETAMA_COMPATIBLE => true,
]);
$client->addServers($servers);

check('a miss', false, $client->get('none'));
check('the miss has its code', Memcached::RES_NOTFOUND, $client->getResultCode());
foreach (['text', 42, 1.5, true, null, '', ['a' => [1, 2]], str_repeat('x', 900000)] as $value) {
    check('set ' . gettype($value), true, $client->set('key', $value));
    check('get ' . gettype($value), $value, $client->get('key'));
}
check('add of what exists', false, $client->add('key', 'other'));
check('it has its code', Memcached::RES_NOTSTORED, $client->getResultCode());
check('add of what is new', true, $client->add('new', 'b'));
check('replace', true, $client->replace('new', 'b'));
check('replace of what is not there', false, $client->replace('none', 'b'));
$client->setOption(Memcached::OPT_COMPRESSION, false);
check('append', true, $client->append('new', 'c'));
check('prepend', true, $client->prepend('new', 'a'));
check('the three together', 'abc', $client->get('new'));

check('a counter', true, $client->set('counter', 10));
check('increment', 15, $client->increment('counter', 5));
check('decrement', 0, $client->decrement('counter', 20));
check('increment of what is not there', false, $client->increment('none', 1));

$found = $client->get('new', null, Memcached::GET_EXTENDED);
check('the value with its cas', 'abc', $found['value']);
check('cas', true, $client->cas($found['cas'], 'new', 'd'));
check('cas of what was changed', false, $client->cas($found['cas'], 'new', 'e'));
check('it has its code', Memcached::RES_DATA_EXISTS, $client->getResultCode());

check('touch', true, $client->touch('new', 1000));
check('touch of what is not there', false, $client->touch('none', 1000));
check('delete', true, $client->delete('new'));
check('delete of what is not there', false, $client->delete('new'));

$values = [];
for ($number = 0; $number < 1000; $number++) {
    $values["user:$number"] = "value $number";
}
check('setMulti', true, $client->setMulti($values));
check('getMulti', $values, $client->getMulti(array_keys($values), Memcached::GET_PRESERVE_ORDER));
check('getDelayed', true, $client->getDelayed(array_keys($values), true));
check('fetchAll', 1000, count($client->fetchAll()));
$statistics = $client->getStats();
check('every server has its statistics', count($servers), count($statistics));
if (getenv('CLIENTS_ROUTER') === false) {  // "stats" in router_differences.py
    check('each has a part of the keys', true, min(array_column($statistics, 'curr_items')) > 100);
}
foreach ($client->getVersion() as $server => $version) {
    check("version of $server", 1, preg_match('/^1\.6\.\d+/', $version));
}
check('deleteMulti', 1000, count(array_filter($client->deleteMulti(array_keys($values)))));

$client->setOption(Memcached::OPT_NOREPLY, true);
for ($number = 0; $number < 1000; $number++) {
    $client->set("quiet:$number", $number);
}
$client->setOption(Memcached::OPT_NOREPLY, false);
check('without replies', 999, $client->get('quiet:999'));
check('flush', true, $client->flush());
check('it is empty', false, $client->get('quiet:1'));
$client->quit();

exit($failures === 0 ? 0 : 1);
