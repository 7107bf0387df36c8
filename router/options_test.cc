#include "router/options.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/cluster_options.h"
#include "gtest/gtest.h"
#include "hashring/placement/placement_kind.h"
#include "process/log_format.h"
#include "router/foreign_options.h"

namespace ringcache::router {
namespace {

using Arguments = std::vector<const char*>;

absl::StatusOr<CommandLine> Parse(Arguments arguments) {
  arguments.push_back("--servers=a:11211");
  return ParseCommandLine(arguments);
}
RouterOptions Options(const Arguments& arguments) {
  const absl::StatusOr<CommandLine> line = Parse(arguments);
  EXPECT_TRUE(line.ok()) << line.status();
  return line.ok() ? line->options : RouterOptions();
}
// What a bad command line is told.
std::string ErrorOf(const absl::StatusOr<CommandLine>& line) {
  return line.ok() ? "accepted" : std::string(line.status().message());
}
std::string Error(const Arguments& arguments) { return ErrorOf(Parse(arguments)); }

TEST(OptionsTest, WithoutFlagsTheDefaultsAreMcroutersButForTheTimesOfHealth) {
  const RouterOptions options = Options({});
  EXPECT_EQ(options.ports, std::vector<int>{5000});
  EXPECT_EQ(options.num_proxies, 1);
  EXPECT_EQ(options.cluster.timeout, absl::Seconds(1));
  EXPECT_EQ(options.cluster.member.timeouts_to_down, 3);
  EXPECT_EQ(options.cluster.member.first_probe_pause, absl::Milliseconds(50));
  EXPECT_EQ(options.reload_interval, absl::Seconds(1));
  EXPECT_TRUE(options.miss_on_get_errors);
  EXPECT_FALSE(options.enable_flush);
  EXPECT_TRUE(options.failover);
  EXPECT_EQ(options.max_connections, 0u);
  EXPECT_EQ(options.process.clients_flag, "--max-conns");
  EXPECT_EQ(options.command_line, "--servers=a:11211");
}

TEST(OptionsTest, AValueMayBeWrittenInEveryWay) {
  for (const Arguments& arguments : std::vector<Arguments>{{"-p", "6000"},
                                                           {"-p6000"},
                                                           {"-p 6000"},
                                                           {"--port", "6000"},
                                                           {"--port=6000"},
                                                           {"--port 6000"}}) {
    EXPECT_EQ(Options(arguments).ports, std::vector<int>{6000}) << arguments[0];
  }
  EXPECT_EQ(Options({"-p 5000,6000"}).ports, (std::vector<int>{5000, 6000}));
}

TEST(OptionsTest, EveryFlagReachesItsField) {
  const RouterOptions options = Options({"--listen-addresses=127.0.0.1,::1",
                                         "--unix-domain-sock=/run/r.sock",
                                         "--num-proxies=4",
                                         "--tcp-listen-backlog=7",
                                         "-R",
                                         "/a/b/",
                                         "-t",
                                         "20",
                                         "--connect-timeout=30",
                                         "-a",
                                         "/spool",
                                         "--asynclog-disable",
                                         "--spool-member-bytes=2000000",
                                         "--spool-bytes=3000000",
                                         "-r",
                                         "40",
                                         "--probe-timeout-max=400",
                                         "--timeouts-until-tko=5",
                                         "--max-conns=77",
                                         "--connections=2",
                                         "--max-client-outstanding-reqs=12",
                                         "--target-max-pending-requests=13",
                                         "--send-invalid-route-to-default",
                                         "--enable-flush-cmd",
                                         "--big-value-split-threshold=5000",
                                         "--big-value-batch-size=3",
                                         "--enable-logging-route",
                                         "--reconfiguration-delay-ms=250",
                                         "--disable-reload-configs",
                                         "--disable-miss-on-get-errors",
                                         "--hostid=9",
                                         "-vv",
                                         "-L",
                                         "/log",
                                         "--placement=ch3",
                                         "--failover=no",
                                         "--max-failovers=4",
                                         "--warm-up=60000",
                                         "--max-held-value=9000",
                                         "--client-pause-bytes=4096",
                                         "--max-client-reply-bytes=5000",
                                         "--max-reply-bytes=6000",
                                         "--discovery-max-refresh=5000",
                                         "--log-format=json",
                                         "-u",
                                         "nobody",
                                         "-P",
                                         "/pid",
                                         "-d",
                                         "--identity=address",
                                         "--reqs-per-read=50",
                                         "--hot-key-cache-ttl=250",
                                         "--hot-key-cache-keys=10",
                                         "--hot-key-cache-bytes=70000",
                                         "--max-uploads=8",
                                         "--max-upload-pause=3000"});
  EXPECT_EQ(options.listen_hosts, (std::vector<std::string>{"127.0.0.1", "::1"}));
  EXPECT_EQ(options.unix_socket, "/run/r.sock");
  EXPECT_EQ(options.process.files, std::vector<std::string>{"/run/r.sock"});
  EXPECT_EQ(options.num_proxies, 4);
  EXPECT_EQ(options.listen_backlog, 7);
  EXPECT_EQ(options.tree.default_prefix, "/a/b/");
  EXPECT_EQ(options.cluster.timeout, absl::Milliseconds(20));
  const client::MemberOptions& member = options.cluster.member;
  EXPECT_EQ(member.connection.connect_timeout, absl::Milliseconds(30));
  EXPECT_EQ(member.first_probe_pause, absl::Milliseconds(40));
  EXPECT_EQ(member.max_probe_pause, absl::Milliseconds(400));
  EXPECT_EQ(member.timeouts_to_down, 5);
  EXPECT_EQ(member.connections, 2u);
  EXPECT_EQ(member.connection.max_pending_calls, 13u);
  EXPECT_EQ(options.max_connections, 77u);
  EXPECT_EQ(options.process.clients, 77u);
  EXPECT_EQ(options.max_client_outstanding, 12u);
  EXPECT_EQ(options.max_requests_per_event, 50u);
  EXPECT_EQ(options.hot_key_cache.ttl, absl::Milliseconds(250));
  EXPECT_EQ(options.hot_key_cache.max_keys, 10u);
  EXPECT_EQ(options.hot_key_cache.max_bytes, 70'000u);
  EXPECT_TRUE(options.tree.send_invalid_route_to_default);
  EXPECT_TRUE(options.enable_flush);
  EXPECT_EQ(options.tree.big_value_split_bytes, 5000u);
  EXPECT_EQ(options.tree.big_value_batch, 3u);
  EXPECT_TRUE(options.tree.logs_requests);
  EXPECT_EQ(options.reload_interval, absl::Milliseconds(250));
  EXPECT_FALSE(options.reload_config);
  EXPECT_FALSE(options.miss_on_get_errors);
  EXPECT_EQ(options.routes.host_id, 9u);
  EXPECT_EQ(options.verbosity, 2);
  EXPECT_EQ(options.log_path, "/log");
  EXPECT_EQ(options.log_format, process::LogFormat::kJson);
  EXPECT_EQ(options.cluster.ring.placement, hashring::PlacementKind::kCh3);
  EXPECT_EQ(options.cluster.identity, client::Identity::kAddress);
  EXPECT_EQ(options.servers, "a:11211");
  EXPECT_FALSE(options.failover);
  EXPECT_EQ(options.max_failovers, 4u);
  EXPECT_EQ(options.warm_up, absl::Minutes(1));
  EXPECT_EQ(options.max_held_value_bytes, 9000u);
  EXPECT_EQ(member.max_uploads, 8u);
  EXPECT_EQ(options.max_upload_pause, absl::Seconds(3));
  EXPECT_EQ(options.routes.max_held_value_bytes, 9000u);
  EXPECT_EQ(options.client_pause_bytes, 4096u);
  EXPECT_EQ(options.max_client_reply_bytes, 5000u);
  EXPECT_EQ(options.max_reply_bytes, 6000u);
  EXPECT_EQ(options.discovery.max_refresh, absl::Seconds(5));
  EXPECT_EQ(options.spool.folder, "/spool");
  EXPECT_FALSE(options.keep_deletes);
  EXPECT_EQ(options.spool.max_member_bytes, 2'000'000u);
  EXPECT_EQ(options.spool.max_total_bytes, 3'000'000u);
  EXPECT_EQ(options.process.user, "nobody");
  EXPECT_EQ(options.process.pid_file, "/pid");
  EXPECT_TRUE(options.process.daemonize);
}

TEST(OptionsTest, TheAdminInterfaceHasItsFlags) {
  const RouterOptions usual = Options({});
  EXPECT_EQ(usual.admin.grpc.number, 5010);
  EXPECT_EQ(usual.admin.metrics.number, 9150);
  EXPECT_FALSE(usual.admin.grpc.asked_for);
  EXPECT_EQ(usual.drain_wait, absl::ZeroDuration());
  const RouterOptions options =
      Options({"--admin-port=off", "--metrics-port=7000", "--admin-open", "--drain-wait=2.5"});
  EXPECT_FALSE(options.admin.grpc.is_on());
  EXPECT_EQ(options.admin.metrics.number, 7000);
  EXPECT_TRUE(options.admin.open);
  EXPECT_EQ(options.drain_wait, absl::Seconds(2.5));
  EXPECT_EQ(Error({"--drain-wait=soon"}), "--drain-wait: 'soon' is no time in seconds");
  EXPECT_EQ(Error({"--drain-wait=nan"}), "--drain-wait: 'nan' is no time in seconds");
  EXPECT_EQ(Error({"--drain-wait=-1"}), "--drain-wait -1s: give 0 to 86400 seconds");
  EXPECT_EQ(Error({"--admin-port=7000", "--metrics-port=7000"}),
            "--admin-port and --metrics-port are both 7000; give them different ones");
}

TEST(OptionsTest, AConfigurationIsAFileOrAText) {
  EXPECT_EQ(ParseCommandLine({"-f /etc/router.json"})->options.config_file, "/etc/router.json");
  EXPECT_EQ(ParseCommandLine({"--config-str={}"})->options.config_text, "{}");
  EXPECT_EQ(ParseCommandLine({"--config={ }"})->options.config_text, "{ }");
  const absl::StatusOr<CommandLine> both = ParseCommandLine({"-f", "old", "--config=file:new"});
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->options.config_file, "new");
}

TEST(OptionsTest, RoutesComeFromOnePlace) {
  EXPECT_EQ(ErrorOf(ParseCommandLine({})),
            "there are no routes; give --config-file=FILE, --config-str=JSON or --servers=ADDRESS");
  EXPECT_EQ(Error({"-f", "x"}),
            "routes are given twice; give --config-file=FILE, --config-str=JSON or "
            "--servers=ADDRESS, one of them");
}

TEST(OptionsTest, WhatIsAskedOfTheProgram) {
  EXPECT_EQ(Parse({})->action, ProgramAction::kServe);
  EXPECT_EQ(ParseCommandLine({"-h"})->action, ProgramAction::kPrintHelp);
  EXPECT_EQ(ParseCommandLine({"--version"})->action, ProgramAction::kPrintVersion);
  EXPECT_EQ(Parse({"--validate-config"})->action, ProgramAction::kCheckConfig);
  EXPECT_EQ(Parse({"--validate-config=exit"})->action, ProgramAction::kCheckConfig);
  EXPECT_EQ(Parse({"--validate-config=run"})->action, ProgramAction::kServe);
  EXPECT_EQ(Parse({"--validate-config=run"})->check, ConfigCheck::kRun);
}

TEST(OptionsTest, DownMarksCanBeSwitchedOff) {
  EXPECT_EQ(Options({"--disable-tko-tracking"}).cluster.max_down_share, 0);
}

TEST(OptionsTest, AnInitialProbePauseAboveTheGreatestRaisesIt) {
  EXPECT_EQ(Options({"-r", "10000"}).cluster.member.max_probe_pause, absl::Seconds(10));
}

TEST(OptionsTest, AFileIsLookedAtNotAllTheTime) {
  EXPECT_EQ(Options({"--reconfiguration-delay-ms=0"}).reload_interval, absl::Milliseconds(10));
}

TEST(OptionsTest, OneConnectionStandsForAsManyAsThereAreDescriptors) {
  EXPECT_EQ(Options({"--max-conns=1"}).max_connections, 0u);
}

TEST(OptionsTest, WhatMcrouterHasAndChangesNothingHereIsNoted) {
  const auto line = Parse({"--stats-logging-interval=100", "-K", "3", "--fibers-stack-size", "9"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->notes,
            (std::vector<std::string>{
                "--stats-logging-interval has no effect: figures are told by stats",
                "--keepalive-count has no effect: the kernel's settings apply",
                "--fibers-stack-size has no effect: requests run without stacks of their own"}));
}

TEST(OptionsTest, EveryForeignOptionIsNotedOrRefusedWithAReason) {
  for (const ForeignOption& option : ForeignOptions()) {
    const std::string flag = absl::StrCat("--", option.syntax.name);
    const std::string text = option.syntax.value.empty() ? flag : flag + "=1";
    const absl::StatusOr<CommandLine> line = Parse({text.c_str()});
    EXPECT_EQ(line.ok(), !option.refused) << flag << line.status();
    if (line.ok()) {
      EXPECT_EQ(line->notes.size(), 1u) << flag;
    } else {
      EXPECT_EQ(ErrorOf(line), absl::StrCat(flag, ": ", option.remark, "; leave it out"));
    }
  }
}

TEST(OptionsTest, ErrorsSayWhatWouldBeRight) {
  const std::vector<std::pair<Arguments, std::string>> cases = {
      {{"-p", "65536"}, "--port: '65536' is no port; ports are 0 to 65535"},
      {{"-p", ","}, "--port: ',' is no port; give for example 5000,5001"},
      {{"--prot=1"}, "--prot: there is no such option; there is --port; -h lists them"},
      {{"--num-proxies=0"}, "--num-proxies: '0' is no whole number from 1 to 1024"},
      {{"-t", "0"}, "--server-timeout: '0' is no number of milliseconds from 1 to 3600000"},
      {{"--hot-key-cache-ttl=1001"},
       "--hot-key-cache-ttl: '1001' is no number of milliseconds from 0 to 1000"},
      {{"--max-conns=x"},
       "--max-conns: 'x' is no number of connections; 0 is as many as there are descriptors"},
      {{"-v", "2"}, "'2' is no option; options begin with '-'; a value of -v follows a ="},
      {{"-v=-1"}, "-=: there is no such option; -h lists them"},
      {{"--verbosity=-1"}, "--verbosity: '-1' is no number from 0"},
      {{"-R", "a"},
       "--route-prefix: \"a\" is not a routing prefix; write /region/cluster/, each of letters, "
       "digits, _, - and ."},
      {{"--placement=rendezvous", "--key-hash=md5"},
       "the placement rendezvous has a key hash of its own; md5 can be chosen for ketama, modulo, "
       "jump, maglev"},
  };
  for (const auto& [arguments, message] : cases) EXPECT_EQ(Error(arguments), message);
  EXPECT_TRUE(absl::StartsWith(Error({"--servers=dns+"}), "--servers: "));
}

TEST(OptionsTest, BoundsAreHeld) {
  const std::vector<std::pair<Arguments, std::string>> cases = {
      {{"--max-client-outstanding-reqs=0"}, "--max-client-outstanding-reqs 0: give 1 to 1048576"},
      {{"--max-client-outstanding-reqs=1048577"}, "--max-client-outstanding-reqs 1048577: "},
      {{"--reqs-per-read=0"}, "--reqs-per-read: requests per event must be greater than 0"},
      {{"--client-pause-bytes=4095"}, "--client-pause-bytes 4095, --max-client-reply-bytes "},
      {{"--max-client-reply-bytes=1048575"}, "--client-pause-bytes 1048576, "},
      {{"--max-reply-bytes=67108863"}, "--client-pause-bytes 1048576, "},
      {{"--max-held-value=4095"}, "--max-held-value 4095: give 4096 to 1073741824 bytes"},
      {{"--max-held-value=1073741825"}, "--max-held-value 1073741825: "},
      {{"--big-value-split-threshold=99999999"}, "--big-value-split-threshold 99999999: give 0"},
      {{"--big-value-split-threshold=1023"}, "--big-value-split-threshold 1023: give 0"},
  };
  for (const auto& [arguments, beginning] : cases) {
    EXPECT_TRUE(absl::StartsWith(Error(arguments), beginning)) << Error(arguments);
  }
  EXPECT_EQ(Error({"--max-client-outstanding-reqs=1048576"}), "accepted");
  EXPECT_EQ(Error({"--max-held-value=1073741824"}), "accepted");
}

TEST(OptionsTest, ARouterListensSomewhereAndOnPorts) {
  RouterOptions options = Options({});
  options.ports = {-1};
  EXPECT_EQ(options.Validate().message(), "--port -1: ports are 0 to 65535");
  options.ports.clear();
  EXPECT_EQ(options.Validate().message(),
            "there is nothing to listen on; give --port or --unix-domain-sock");
  options.unix_socket = "/run/r.sock";
  EXPECT_TRUE(options.Validate().ok());
  options.num_proxies = RouterOptions::kMaxProxies + 1;
  EXPECT_FALSE(options.Validate().ok());
  options.num_proxies = 1;
  options.listen_backlog = 0;
  EXPECT_FALSE(options.Validate().ok());
}

TEST(OptionsTest, HelpNamesEveryFlagWithItsDefault) {
  const std::string help = HelpText();
  for (const char* line :
       {"  -p, --port=LIST  (5000)\n", "  -t, --server-timeout=MS  (1000)\n",
        "  --validate-config[=no|exit|run]  (no)\n", "  --placement=NAME  (ketama)\n",
        "  --failover[=no|yes]  (yes)\n", "  --disable-miss-on-get-errors[=no|yes]  (no)\n",
        "  accepted without effect: --stats-logging-interval "}) {
    EXPECT_TRUE(absl::StrContains(help, line)) << line << "\n" << help;
  }
  EXPECT_FALSE(absl::StrContains(help, "--ssl-port"));
}

TEST(OptionsTest, ValuesAreSpelledAsTheyAreGiven) {
  std::string text;
  for (const auto& [name, value] : SpellOptions(Options({"-t20", "--disable-tko-tracking"}))) {
    absl::StrAppend(&text, name, "=", value, "\n");
  }
  EXPECT_TRUE(absl::StrContains(text, "port=5000\n"));
  EXPECT_TRUE(absl::StrContains(text, "server-timeout=20\n"));
  EXPECT_TRUE(absl::StrContains(text, "disable-tko-tracking=yes\n"));
  EXPECT_TRUE(absl::StrContains(text, "servers=a:11211\n"));
}

}  // namespace
}  // namespace ringcache::router
