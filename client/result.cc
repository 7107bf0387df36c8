#include "client/result.h"

namespace ringcache::client {

std::string Describe(const Result& result) {
  switch (result.outcome) {
    case Outcome::kDone:
      return "done";
    case Outcome::kMiss:
      return "no such key";
    case Outcome::kNotStored:
      return "not stored";
    case Outcome::kExists:
      return "the item has changed since it was read";
    case Outcome::kRefused:
    case Outcome::kInvalid:
      return result.text;
    case Outcome::kFailed:
      return result.failure ? std::string(FailureText(*result.failure)) : "no reply";
  }
  return "";
}

}  // namespace ringcache::client
