// The main program of a fuzz target where libFuzzer is not linked: every file of the corpus, then
// seeded mutations of them. Same arguments as libFuzzer: [-runs=N] [-seed=N] file-or-folder... Of
// an input that crashes the target it prints the seed, the run and the bytes.

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace ringcache::build {
namespace {

using Corpus = std::vector<std::string>;

// Long enough for several requests with values, short enough that a run takes microseconds.
constexpr size_t kMaxInputBytes = 4096;
constexpr int kMaxEditsPerRun = 8;

// What the crash handler prints: written before each run, read in a signal handler.
struct Progress {
  uint64_t seed = 0;
  volatile int64_t run = -1;
  const char* volatile file = "";
  const std::vector<uint8_t>* volatile input = nullptr;
};
Progress progress;

extern "C" void ReportProgress(int signal_number) {
  std::fprintf(stderr, "fuzz_driver: signal %d at -seed=%llu, run %lld, corpus file '%s'\n",
               signal_number, static_cast<unsigned long long>(progress.seed),
               static_cast<long long>(progress.run), progress.file);
  if (progress.input != nullptr) {
    for (const uint8_t byte : *progress.input) std::fprintf(stderr, "\\x%02x", byte);
    std::fprintf(stderr, "\n");
  }
  std::signal(signal_number, SIG_DFL);
  std::raise(signal_number);
}

class Mutator {
 public:
  Mutator(uint64_t seed, const Corpus& corpus) : random_(seed), corpus_(corpus) {}

  // An input of the corpus with one to kMaxEditsPerRun edits, at most kMaxInputBytes long.
  std::string Next() {
    std::string input = Pick();
    for (size_t edits = 1 + Below(kMaxEditsPerRun); edits > 0; --edits) Edit(input);
    if (input.size() > kMaxInputBytes) input.resize(kMaxInputBytes);
    return input;
  }

 private:
  size_t Below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  const std::string& Pick() { return corpus_[Below(corpus_.size())]; }

  // Each draw is a statement of its own: the order of evaluation within an expression is the
  // compiler's choice, and a seed must mean the same inputs with all of them.
  void Edit(std::string& input) {
    const size_t at = Below(input.size() + 1);
    switch (Below(7)) {
      case 0:  // Flip a bit.
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << Below(8)));
        break;
      case 1:  // Any byte.
        if (at < input.size()) input[at] = static_cast<char>(Below(256));
        break;
      case 2:  // Bytes at which parsers turn.
        input.insert(at, 1, "\r\n \0-0129:/\xff"[Below(12)]);
        break;
      case 3:
        input.erase(at, 1 + Below(8));
        break;
      case 4: {  // Repeat a piece.
        const size_t from = Below(input.size() + 1);
        const size_t length = 1 + Below(64);
        input.insert(at, input.substr(from, length));
        break;
      }
      case 5:  // Splice: our head, another's tail.
      {
        const std::string& other = Pick();
        const size_t from = Below(other.size() + 1);
        input = input.substr(0, at) + other.substr(from);
        break;
      }
      case 6:
        input.resize(at);
        break;
    }
  }

  std::mt19937_64 random_;
  const Corpus& corpus_;
};

void RunOne(absl::string_view input) {
  // A copy of exactly the input's size lets AddressSanitizer see a read past the end.
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  progress.input = &bytes;
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  progress.input = nullptr;
}

std::vector<std::filesystem::path> FilesOf(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

int RunFuzzTest(int64_t runs, const std::vector<std::filesystem::path>& paths) {
  Corpus corpus;
  for (const auto& path : paths) {
    for (const auto& file : FilesOf(path)) {
      std::ifstream stream(file, std::ios::binary);
      if (!stream) {
        std::fprintf(stderr, "fuzz_driver: cannot read %s\n", file.c_str());
        return EXIT_FAILURE;
      }
      corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
      progress.file = file.c_str();
      RunOne(corpus.back());
    }
  }
  progress.file = "";
  if (corpus.empty()) {
    std::fprintf(stderr, "fuzz_driver: the corpus is empty; name its folder as an argument\n");
    return EXIT_FAILURE;
  }
  RunOne("");
  Mutator mutator(progress.seed, corpus);
  for (int64_t run = 0; run < runs; ++run) {
    progress.run = run;
    RunOne(mutator.Next());
  }
  std::printf("%zu corpus files and %lld mutations, -seed=%llu\n", corpus.size(),
              static_cast<long long>(runs), static_cast<unsigned long long>(progress.seed));
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace ringcache::build

int main(int argc, char** argv) {
  using ringcache::build::progress;
  int64_t runs = 0;
  progress.seed = 1;
  std::vector<std::filesystem::path> paths;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    bool valid = true;
    if (absl::ConsumePrefix(&argument, "-runs=")) {
      valid = absl::SimpleAtoi(argument, &runs);
    } else if (absl::ConsumePrefix(&argument, "-seed=")) {
      valid = absl::SimpleAtoi(argument, &progress.seed);
    } else if (absl::StartsWith(argument, "-")) {
      valid = false;
    } else {
      paths.emplace_back(argv[i]);
    }
    if (!valid) {
      std::fprintf(stderr, "fuzz_driver: unknown argument %s\n", argv[i]);
      return EXIT_FAILURE;
    }
  }
  for (int signal_number : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS}) {
    std::signal(signal_number, ringcache::build::ReportProgress);
  }
  return ringcache::build::RunFuzzTest(runs, paths);
}
