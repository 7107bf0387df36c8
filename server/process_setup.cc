#include "server/process_setup.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "process/process_options.h"
#include "process/process_setup.h"

namespace ringcache::server {
namespace {

process::ProcessOptions ProcessOptionsOf(const ServerOptions& options) {
  process::ProcessOptions process;
  process.daemonize = options.daemonize;
  process.pid_file = options.pid_file;
  process.user = options.user;
  process.lock_memory = options.lock_memory;
  process.maximize_core_file = options.maximize_core_file;
  process.clients = static_cast<std::size_t>(options.max_connections);
  process.other_descriptors = static_cast<std::size_t>(options.threads) * 2;
  // Without the memory file only root could start again with it.
  process.files = {options.unix_socket, options.memory_file};
  return process;
}

}  // namespace

absl::Status Prepare(const ServerOptions& options, std::vector<std::string>* warnings) {
  return process::Prepare(ProcessOptionsOf(options), warnings);
}

absl::Status TakePlace(const ServerOptions& options, process::Background* background,
                       std::vector<std::string>* warnings) {
  absl::Status status = process::TakePlace(ProcessOptionsOf(options), background, warnings);
  if (!status.ok()) return status;
  if (!options.memory_file.empty() && !process::CanWriteToFolderOf(options.memory_file)) {
    warnings->push_back(absl::StrCat("-e ", options.memory_file, ": this user cannot write to its ",
                                     "folder, so a stop cannot leave ", options.memory_file,
                                     ".meta there and the next start will be empty"));
  }
  return absl::OkStatus();
}

}  // namespace ringcache::server
