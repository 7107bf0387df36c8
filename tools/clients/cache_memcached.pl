#!/usr/bin/perl
# Checks a Perl client over the servers given as host:port, in TAP, the form of Perl's own tests.
#
# usage: cache_memcached.pl Cache::Memcached|Cache::Memcached::Fast HOST:PORT...

use strict;
use warnings;
use Test::More;

my ($class, @servers) = @ARGV;
my $is_fast = $class eq 'Cache::Memcached::Fast';

eval "require $class; 1" or do {
  my $package = $is_fast ? 'libcache-memcached-fast-perl' : 'libcache-memcached-perl';
  die "$class is not installed. As root: apt-get install --no-install-recommends $package\n$@";
};

my %patience = $is_fast ? (connect_timeout => 30, io_timeout => 30)
                        : (connect_timeout => 30, select_timeout => 30);
my $client = $class->new({servers => [@servers], %patience});

is($client->get('none'), undef, 'a miss');
ok($client->set('key', 'value'), 'set');
is($client->get('key'), 'value', 'get');
ok(!$client->add('key', 'other'), 'add of what exists');
ok($client->add('new', 'a'), 'add of what is new');
ok($client->replace('new', 'b'), 'replace');
ok(!$client->replace('none', 'b'), 'replace of what is not there');
ok($client->append('new', 'c'), 'append');
ok($client->prepend('new', 'a'), 'prepend');
is($client->get('new'), 'abc', 'the three together');

ok(!$client->incr('none'), 'incr of what is not there');
ok($client->set('counter', 10), 'a counter');
is($client->incr('counter', 5), 15, 'incr');
cmp_ok($client->decr('counter', 20), '==', 0, 'decr stops at 0');

ok($client->delete('key'), 'delete');
ok(!$client->delete('key'), 'delete of what is not there');
is($client->get('key'), undef, 'it is gone');

my $structure = {list => [1, 2, {deep => 'x'}], text => "\r\nEND\r\n"};
ok($client->set('structure', $structure), 'a structure, with flags');
is_deeply($client->get('structure'), $structure, 'the structure again');
my $large = 'x' x 900_000;
ok($client->set('large', $large), 'a large value');
is($client->get('large'), $large, 'the large value again');
ok($client->set('empty', ''), 'an empty value');
is($client->get('empty'), '', 'the empty value again');

ok($client->set('brief', 'value', 1000), 'with an expiry');
is($client->get('brief'), 'value', 'not expired');
ok($client->set('dead', 'value', time() - 10), 'an expiry in the past');
is($client->get('dead'), undef, 'expired at once');

my %values = map { ("user:$_" => "value $_") } 1 .. 1000;
$client->set($_, $values{$_}) for sort keys %values;
is_deeply($client->get_multi(keys %values, 'none'), \%values, 'many at once');

if ($is_fast) {
  my $stored = $client->set_multi(map { [$_, $values{$_}] } keys %values);
  is(scalar(grep { $_ } values %$stored), 1000, 'set_multi');
  my $pair = $client->gets('user:1');
  is($pair->[1], 'value 1', 'gets');
  ok($client->cas('user:1', $pair->[0], 'changed'), 'cas');
  ok(!$client->cas('user:1', $pair->[0], 'again'), 'cas of what was changed');
  is(scalar(keys %{$client->gets_multi(keys %values)}), 1000, 'gets_multi');
  ok($client->touch('user:1', 1000), 'touch');
  ok(!$client->touch('none', 1000), 'touch of what is not there');
  my $deleted = $client->delete_multi(keys %values);
  is(scalar(grep { $_ } values %$deleted), 1000, 'delete_multi');
  my $versions = $client->server_versions;
  is(scalar(grep { /^1\.6\.\d+/ } values %$versions), scalar(@servers), 'versions');
  # In void context this client asks for no reply.
  $client->set('quiet', 'a');
  $client->append('quiet', 'b');
  $client->incr('counter', 1);
  $client->delete('none');
  $client->nowait_push;
  is($client->get('quiet'), 'ab', 'without replies');
  my $ketama = $class->new({servers => [@servers], ketama_points => 150, %patience});
  $ketama->set($_, $values{$_}) for sort keys %values;
  is_deeply($ketama->get_multi(keys %values), \%values, 'on a ketama ring');
} else {
  my $statistics = $client->stats(['misc']);
  is(scalar(grep { $_->{misc}{pid} } values %{$statistics->{hosts}}), scalar(@servers), 'stats');
}

$client->flush_all;
is($client->get('new'), undef, 'flush_all');
is($client->get('user:7'), undef, 'flush_all, everywhere');
$client->disconnect_all;
done_testing();
