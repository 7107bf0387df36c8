#include "tools/ring/heading.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/table/text_table.h"

namespace ringcache::ring {

using hashring::KeyHash;
using hashring::Numbering;
using hashring::Ring;
using hashring::RingOptions;
using table::Clip;
using table::WithSeparators;

absl::string_view HowNumbered(const Ring& ring) {
  switch (ring.numbering()) {
    case Numbering::kByName:
      return "by name";
    case Numbering::kByOrdinal:
      return "by ordinal";
    case Numbering::kByPosition:
      return "by position";
    case Numbering::kAsListed:
      return "as listed";
  }
  return "";
}

std::string Heading(const Ring& ring, absl::string_view suffix) {
  const RingOptions& options = ring.options();
  const std::size_t count = ring.members().size();
  std::string text(RowOf(options.placement).name);
  if (options.key_hash != KeyHash::kDefault) {
    absl::StrAppend(&text, " with ", NameOf(options.key_hash));
  }
  absl::StrAppend(&text, ", ", WithSeparators(count), count == 1 ? " member " : " members ",
                  HowNumbered(ring));
  if (!suffix.empty()) absl::StrAppend(&text, ": *", Clip(suffix, kColumns - text.size() - 3));
  return absl::StrCat(text, "\n");
}

std::string HowMeasured(std::uint64_t measured_keys) {
  if (measured_keys == 0) return "exact";
  return absl::StrCat("of ", WithSeparators(measured_keys), " keys");
}

std::string Notes(const Ring& ring) {
  std::string text;
  if (ring.numbering() == Numbering::kByPosition) {
    text =
        "note: the names carry no ordinals, so the members are numbered in natural order:\n"
        "      one that joins or leaves before others shifts them, and most of their keys move\n";
  }
  if (ring.gaps() > 0) {
    absl::StrAppendFormat(&text,
                          "note: %d of the ordinals up to the highest %s missing; their keys go to"
                          " the next in preference\n",
                          ring.gaps(), ring.gaps() == 1 ? "is" : "are");
  }
  return text;
}

}  // namespace ringcache::ring
