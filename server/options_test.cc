#include "server/options.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "process/log_format.h"

namespace ringcache::server {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

absl::optional<std::string> NoFile(const std::string&) { return absl::nullopt; }

absl::StatusOr<CommandLine> Parse(std::vector<const char*> arguments) {
  return ParseCommandLine(arguments, NoFile);
}
ServerOptions Options(const std::vector<const char*>& arguments) {
  const absl::StatusOr<CommandLine> line = Parse(arguments);
  EXPECT_TRUE(line.ok()) << line.status();
  return line.ok() ? line->options : ServerOptions();
}
// What a bad command line is told.
std::string Error(const std::vector<const char*>& arguments) {
  const absl::StatusOr<CommandLine> line = Parse(arguments);
  return line.ok() ? "accepted" : std::string(line.status().message());
}

TEST(OptionsTest, WithoutArgumentsTheDefaultsAreMemcachedsButForTheSizeClasses) {
  const ServerOptions options = Options({});
  EXPECT_EQ(options.port, 11211);
  EXPECT_EQ(options.memory_limit_bytes, 64 * kMiB);
  EXPECT_EQ(options.max_connections, 1024);
  EXPECT_EQ(options.memory_file, "");
  EXPECT_EQ(options.threads, 4);
  EXPECT_EQ(options.max_item_bytes, kMiB);
  EXPECT_FALSE(options.growth_factor.has_value());
  EXPECT_FALSE(options.min_value_bytes.has_value());
  EXPECT_EQ(options.listen_backlog, 1024);
  EXPECT_TRUE(options.evict);
  EXPECT_TRUE(options.cas);
  EXPECT_FALSE(options.allow_shutdown);
  EXPECT_FALSE(options.allow_debug_time);
}

TEST(OptionsTest, AValueMayBeWrittenInEveryWay) {
  EXPECT_EQ(Options({"-m", "128"}).memory_limit_bytes, 128 * kMiB);
  EXPECT_EQ(Options({"-m128"}).memory_limit_bytes, 128 * kMiB);
  EXPECT_EQ(Options({"-m 128"}).memory_limit_bytes, 128 * kMiB);
  EXPECT_EQ(Options({"-m", " 128 "}).memory_limit_bytes, 128 * kMiB);
  EXPECT_EQ(Options({"--memory-limit=128"}).memory_limit_bytes, 128 * kMiB);
  EXPECT_EQ(Options({"--memory-limit", "128"}).memory_limit_bytes, 128 * kMiB);
  EXPECT_EQ(Options({"--memory-l=128"}).memory_limit_bytes, 128 * kMiB) << "a unique beginning";
}

TEST(OptionsTest, LettersMayBeJoined) {
  const ServerOptions options = Options({"-vvMp0"});
  EXPECT_EQ(options.verbosity, 2);
  EXPECT_FALSE(options.evict);
  EXPECT_EQ(options.port, 0);
}

TEST(OptionsTest, EveryFlagReachesItsField) {
  const ServerOptions options =
      Options({"-p", "1234", "-a", "0777", "-A",   "-d",  "-r", "-u", "me", "-M", "-c", "77",
               "-k", "-v",   "-P", "pid",  "-f",   "1.5", "-n", "64", "-t", "3",  "-R", "9",
               "-C", "-b",   "55", "-I",   "512k", "-F",  "-X", "-W", "-L", "-D", ";"});
  EXPECT_EQ(options.port, 1234);
  EXPECT_EQ(options.unix_mode, 0777u);
  EXPECT_TRUE(options.allow_shutdown);
  EXPECT_TRUE(options.daemonize);
  EXPECT_TRUE(options.maximize_core_file);
  EXPECT_EQ(options.user, "me");
  EXPECT_FALSE(options.evict);
  EXPECT_EQ(options.max_connections, 77);
  EXPECT_TRUE(options.lock_memory);
  EXPECT_EQ(options.verbosity, 1);
  EXPECT_EQ(options.pid_file, "pid");
  EXPECT_EQ(options.growth_factor, 1.5);
  EXPECT_EQ(options.min_value_bytes, 64u);
  EXPECT_EQ(options.threads, 3);
  EXPECT_EQ(options.max_operations_per_event, 9);
  EXPECT_FALSE(options.cas);
  EXPECT_EQ(options.listen_backlog, 55);
  EXPECT_EQ(options.max_item_bytes, 512u * 1024);
  EXPECT_FALSE(options.allow_flush_all);
  EXPECT_FALSE(options.allow_dump);
  EXPECT_FALSE(options.allow_watch);
  EXPECT_EQ(options.prefix_delimiter, ';');
  EXPECT_TRUE(options.count_prefixes);
  EXPECT_EQ(Options({"-s", "/tmp/x"}).unix_socket, "/tmp/x");
  EXPECT_EQ(Options({"-e", "/dev/shm/items"}).memory_file, "/dev/shm/items");
  EXPECT_EQ(Options({"--memory-file=items"}).memory_file, "items");
}

TEST(OptionsTest, TheAdminInterfaceHasItsFlags) {
  const ServerOptions usual = Options({});
  EXPECT_EQ(usual.admin.grpc.number, 11210);
  EXPECT_EQ(usual.admin.metrics.number, 9150);
  EXPECT_FALSE(usual.admin.grpc.asked_for);
  EXPECT_EQ(usual.drain_wait, absl::ZeroDuration());
  const ServerOptions options =
      Options({"--admin-port=7000", "--metrics-port", "off", "--admin-open",
               "--discovery=a:11211,b:11211", "--placement=ketama", "--drain-wait=2.5"});
  EXPECT_EQ(options.admin.grpc.number, 7000);
  EXPECT_TRUE(options.admin.grpc.asked_for);
  EXPECT_FALSE(options.admin.metrics.is_on());
  EXPECT_TRUE(options.admin.open);
  EXPECT_EQ(options.admin.discovery, "a:11211,b:11211");
  EXPECT_EQ(options.drain_wait, absl::Seconds(2.5));
  EXPECT_EQ(Error({"--admin-port=x"}), "--admin-port: 'x' is no port; give 0 to 65535, or off");
  EXPECT_EQ(Error({"--drain-wait=-1"}), "--drain-wait: give 0 to 86400 seconds");
  EXPECT_EQ(Error({"--drain-wait=nan"}), "--drain-wait: give 0 to 86400 seconds");
  EXPECT_EQ(Error({"--drain-wait=soon"}), "--drain-wait: 'soon' is not a time in seconds");
  EXPECT_EQ(Error({"--admin-port=99", "--metrics-port=99"}),
            "--admin-port and --metrics-port are both 99; give them different ones");
}

TEST(OptionsTest, ListenAddressesComeInListsAndRepeat) {
  const ServerOptions options =
      Options({"-l", "127.0.0.1,::1", "-l", "[fe80::1]:99,host.example:80,*:7"});
  ASSERT_EQ(options.listen.size(), 5u);
  EXPECT_EQ(options.listen[0].host, "127.0.0.1");
  EXPECT_EQ(options.listen[0].port, ListenAddress::kDefaultPort);
  EXPECT_EQ(options.listen[1].host, "::1");
  EXPECT_EQ(options.listen[2].host, "fe80::1");
  EXPECT_EQ(options.listen[2].port, 99);
  EXPECT_EQ(options.listen[3].host, "host.example");
  EXPECT_EQ(options.listen[3].port, 80);
  EXPECT_EQ(options.listen[4].host, "");
  EXPECT_EQ(options.listen[4].port, 7);
}

TEST(OptionsTest, ExtendedOptionsTakeEffectOrAreNoted) {
  const absl::StatusOr<CommandLine> line =
      Parse({"-o", "modern,hashpower=20,idle_timeout=30,no_maxconns_fast", "-o",
             "slab_automove=0,slab_automove_ratio=0.5,lru_crawler,hash_algorithm=murmur3,"
             "tail_repair_time=5"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->options.initial_items_log2, 20);
  EXPECT_EQ(line->options.idle_timeout_s, 30);
  EXPECT_FALSE(line->options.refuse_excess_connections);
  EXPECT_FALSE(line->options.move_pages);
  EXPECT_EQ(line->options.move_ratio, 0.5);
  EXPECT_EQ(line->notes.size(), 3u);
  EXPECT_EQ(Options({"-o", "slab_sizes=96-192-1024"}).chunk_sizes,
            (std::vector<std::size_t>{96, 192, 1024}));
}

TEST(OptionsTest, EvictionIsChosenByName) {
  EXPECT_EQ(Options({}).eviction, storage::EvictionKind::kS3Fifo);
  EXPECT_EQ(Options({"-o", "eviction=slru"}).eviction, storage::EvictionKind::kSegmentedLru);
  EXPECT_EQ(Options({"-o", "eviction=slru,eviction=s3fifo"}).eviction,
            storage::EvictionKind::kS3Fifo);
  EXPECT_EQ(Error({"-o", "eviction=lru"}), "-o eviction: 'lru' is none of s3fifo, slru");
  EXPECT_EQ(Error({"-o", "eviction"}), "-o eviction: '' is none of s3fifo, slru");
  EXPECT_TRUE(absl::StrContains(HelpText(), "eviction: which items leave"));
}

TEST(OptionsTest, SizesAreTrackedWhenAskedFor) {
  EXPECT_FALSE(Options({}).track_sizes);
  EXPECT_TRUE(Options({"-o", "track_sizes"}).track_sizes);
  EXPECT_FALSE(Options({"-o", "track_sizes,no_track_sizes"}).track_sizes);
  EXPECT_EQ(Error({"-o", "track_sizes=1"}), "-o track_sizes takes no value; leave out '=1'");
}

TEST(OptionsTest, TheCrawlerIsOnUnlessItIsSwitchedOff) {
  EXPECT_TRUE(Options({}).crawl);
  EXPECT_FALSE(Options({"-o", "no_lru_crawler"}).crawl);
  EXPECT_TRUE(Options({"-o", "no_lru_crawler,lru_crawler"}).crawl);
}

TEST(OptionsTest, OnlyRelaxedPrivilegesEnableDebugtime) {
  EXPECT_TRUE(Options({"-o", "relaxed_privileges"}).allow_debug_time);
  EXPECT_FALSE(Options({"-o", "drop_privileges"}).allow_debug_time);
  EXPECT_FALSE(Options({"-o", "no_drop_privileges,no_relaxed_privileges"}).allow_debug_time);
}

TEST(OptionsTest, WhatIsNotBuiltIsRefusedWithASentence) {
  for (const std::vector<const char*>& arguments :
       std::vector<std::vector<const char*>>{{"-S"},
                                             {"-Y", "file"},
                                             {"-Z"},
                                             {"-B", "binary"},
                                             {"-U", "11211"},
                                             {"-N", "4"},
                                             {"-I", "2g"},
                                             {"-I", "33m"},
                                             {"-o", "ext_path=/x:1G"},
                                             {"-o", "proxy_config=x"},
                                             {"-o", "ssl_chain_cert=x"},
                                             {"-o", "sock_cookie_id=1"},
                                             {"-o", "read_buf_mem_limit=10"},
                                             {"-l", "notls:127.0.0.1"}}) {
    const std::string error = Error(arguments);
    EXPECT_GT(error.size(), 20u) << arguments[0] << ": " << error;
    EXPECT_TRUE(absl::StartsWith(error, "-")) << error;
  }
  EXPECT_EQ(Error({"-U", "0", "-B", "auto", "-N", "0"}), "accepted");
}

TEST(OptionsTest, EachRefusalSaysWhatToDoInstead) {
  EXPECT_EQ(Error({"-S"}), "-S: SASL needs the binary protocol, which is not spoken; leave it out");
  EXPECT_EQ(Error({"-Z"}),
            "-Z: TLS is not built; put a TLS proxy in front of the server and leave it out");
  EXPECT_EQ(Error({"-Y", "users"}),
            "-Y: authentication is not built; restrict access by network policy and leave it out");
  EXPECT_EQ(Error({"-N", "4"}), "-N 4: connections go to threads in turn; leave it out");
  for (const char* option : {"ext_path=/x:1G", "ext_page_size=64", "ext_drop_unread"}) {
    const std::string name = std::string(option).substr(0, std::string(option).find('='));
    EXPECT_EQ(Error({"-o", option}),
              absl::StrCat("-o ", name, ": items are kept in memory only; leave it out"));
  }
  for (const char* option : {"proxy_config=routes.lua", "proxy_arg=x", "proxy_uring"}) {
    const std::string name = std::string(option).substr(0, std::string(option).find('='));
    EXPECT_EQ(Error({"-o", option}),
              absl::StrCat("-o ", name,
                           ": this is a cache, no proxy; run a proxy beside it and leave it out"));
  }
}

TEST(OptionsTest, LogBuffersAreGivenInKilobytes) {
  EXPECT_EQ(Options({}).worker_buffer_bytes, 64u << 10);
  EXPECT_EQ(Options({}).watcher_buffer_bytes, 256u << 10);
  const ServerOptions options = Options({"-o", "worker_logbuf_size=128,watcher_logbuf_size=1024"});
  EXPECT_EQ(options.worker_buffer_bytes, 128u << 10);
  EXPECT_EQ(options.watcher_buffer_bytes, 1024u << 10);
  EXPECT_EQ(Error({"-o", "worker_logbuf_size=1"}),
            "-o worker_logbuf_size: give 2 to 65536 kilobytes");
  EXPECT_EQ(Error({"-o", "watcher_logbuf_size=18446744073709551615"}),
            "-o watcher_logbuf_size: give 2 to 65536 kilobytes");
}

TEST(OptionsTest, TheLogIsForPeopleOrPrograms) {
  EXPECT_EQ(Options({}).log_format, process::LogFormat::kText);
  EXPECT_EQ(Options({"--log-format=json"}).log_format, process::LogFormat::kJson);
  EXPECT_EQ(Options({"--log-format", "text"}).log_format, process::LogFormat::kText);
  EXPECT_EQ(Error({"--log-format=xml"}), "--log-format: 'xml' is not text or json");
}

TEST(OptionsTest, ErrorsSayWhatWouldBeRight) {
  EXPECT_EQ(Error({"-m", "12x"}),
            "-m: '12x' is not a number of megabytes; give for example 1024, or auto");
  EXPECT_EQ(Error({"-p", "65536"}), "-p: '65536' is not a port; ports are 0 to 65535");
  EXPECT_EQ(Error({"-t", "0"}), "-t 0: give 1 to 256 threads; one for each processor is enough");
  EXPECT_EQ(Error({"-j"}), "-j: there is no such option; -h lists them");
  EXPECT_EQ(Error({"--nonsense"}), "--nonsense: there is no such option; -h lists them");
  EXPECT_EQ(Error({"--enable-s"}),
            "--enable-s may be --enable-shutdown or --enable-sasl; write it out");
  EXPECT_EQ(Error({"-c"}), "-c needs a value: -c <num>");
  EXPECT_EQ(Error({"--daemon=1"}), "--daemon takes no value");
  EXPECT_EQ(Error({"-e", ""}), "-e: '' is not a path; name a file on a tmpfs");
  EXPECT_EQ(Error({"stray"}), "'stray' is no option; options begin with '-'");
  EXPECT_EQ(Error({"-o", "nonsense"}), "-o nonsense: there is no such option; -h lists them");
  EXPECT_EQ(Error({"-o", "modern=1"}), "-o modern takes no value; leave out '=1'");
  EXPECT_EQ(Error({"-o", "hot_lru_pct=x"}),
            "-o hot_lru_pct: 'x' is not a value; give a number as in hot_lru_pct=1");
  for (const std::vector<const char*>& arguments :
       std::vector<std::vector<const char*>>{{"-c", "0"},
                                             {"-R", "0"},
                                             {"-b", "0"},
                                             {"-f", "1"},
                                             {"-f", "65"},
                                             {"-f", "nan"},
                                             {"-m", "5000000"},
                                             {"-I", "1k", "-n", "600"},
                                             {"-n", "0"},
                                             {"-I", "1000"},
                                             {"-a", "9"},
                                             {"-a", ""},
                                             {"-D", "ab"},
                                             {"-l", "[::1"},
                                             {"-l", "h:x"},
                                             {"-m", "1"},
                                             {"-o", "hashpower=5"},
                                             {"-o", "slab_sizes=200-100"},
                                             {"-o", "idle_timeout=-1"},
                                             {"-s", "/x", "-l", "127.0.0.1"},
                                             {"-o", "hash_algorithm=md5"}}) {
    EXPECT_NE(Error(arguments), "accepted") << arguments[0] << " " << arguments.back();
  }
}

TEST(OptionsTest, HelpAndVersionNeedNothingElseToBeRight) {
  EXPECT_EQ(Parse({"-h"})->action, ProgramAction::kPrintHelp);
  EXPECT_EQ(Parse({"-V"})->action, ProgramAction::kPrintVersion);
  EXPECT_EQ(Parse({"-i"})->action, ProgramAction::kPrintLicense);
  EXPECT_TRUE(absl::StrContains(HelpText(), "--memory-limit=<num>"));
  EXPECT_TRUE(absl::StrContains(HelpText(), "idle_timeout"));
}

TEST(OptionsTest, MemoryIsTakenFromTheContainer) {
  const auto read = [](const std::string& path) -> absl::optional<std::string> {
    if (path == "/sys/fs/cgroup/memory.max") return "1073741824\n";
    return absl::nullopt;
  };
  const absl::StatusOr<CommandLine> line =
      ParseCommandLine(std::vector<const char*>{"-m", "auto", "-t", "4"}, read);
  ASSERT_TRUE(line.ok()) << line.status();
  // (1024 - 32 - 4 * 2 - 4) * 4/5
  EXPECT_EQ(line->options.memory_limit_bytes, 784 * kMiB);
  EXPECT_TRUE(absl::StartsWith(Error({"-m", "auto"}), "-m auto: no memory limit is set"));
}

TEST(OptionsTest, AContainerThatIsTooSmallIsRefused) {
  const auto read = [](const std::string& path) -> absl::optional<std::string> {
    if (path == "/sys/fs/cgroup/memory.max") return "16777216\n";
    return absl::nullopt;
  };
  EXPECT_FALSE(ParseCommandLine(std::vector<const char*>{"-mauto"}, read).ok());
}

}  // namespace
}  // namespace ringcache::server
