// What a program does to its process around its start: limits, identity, background, pid file.
//
// Thread safety: called before any thread is started.

#ifndef RINGCACHE_PROCESS_PROCESS_SETUP_H_
#define RINGCACHE_PROCESS_PROCESS_SETUP_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "process/background.h"
#include "process/process_options.h"

namespace ringcache::process {

// Before listening, while somebody hears what is wrong: whether the user exists (-u; kNotFound),
// the limits on descriptors and core files (-r). Adds to `warnings` what could not be had and need
// not stop the program.
absl::Status Prepare(const ProcessOptions& options, std::vector<std::string>* warnings);

// After listening: into the background (-d), pid file (-P), locked memory (-k), another user (-u),
// who then owns options.files. The caller says when `background` is ready.
absl::Status TakePlace(const ProcessOptions& options, Background* background,
                       std::vector<std::string>* warnings);

// Whether `path`'s folder can be written to by who the process is now.
bool CanWriteToFolderOf(const std::string& path);

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_PROCESS_SETUP_H_
