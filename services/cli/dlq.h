// Dead letters: reading them out of a service's database, and redriving them; what `quickbite dlq` does, without its words.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/postgres/migrate.h"
#include "domain/machine/redriver.h"
#include "domain/port/letters.h"
#include "services/cli/addresses.h"

namespace quickbite::cli {

inline constexpr std::int64_t kLettersRead = 100'000;  // at one go, of one service

// Which service keeps the letters of a topic's records: the one that reads it.
postgres::Service keeper_of(Topic topic);

// The services whose letters the filter may select.
std::vector<postgres::Service> keepers_of(const LetterFilter& filter);

struct KeptLetter {
  postgres::Service service = postgres::Service::kOrders;
  LetterFound found;
};

struct LettersRead {
  std::vector<KeptLetter> letters;
  bool more = false;  // than `limit`, or than kLettersRead were looked at
};

// The first `limit` letters, by service and age, that the filter selects and `wanted` (none: any) wants. InvalidArgument: nobody
// knows where the database is. Unavailable: it does not answer, or is not as this program expects it.
absl::StatusOr<LettersRead> read_letters(const Addresses& addresses, const LetterFilter& filter, std::int64_t limit,
                                         const std::function<bool(const LetterFound&)>& wanted = nullptr);

struct RedriveReport {
  struct Ruled {
    postgres::Service service = postgres::Service::kOrders;
    LetterRuled ruled;
  };
  std::map<RedriveVerdict, std::int64_t> count;
  std::vector<Ruled> letters;  // the first kToldMost
  bool full = false;           // `most` were sent; others may be left

  static constexpr std::size_t kToldMost = 10'000;
  std::int64_t sent() const;
};

// Redrives (or, of a dry run, decides) at most `request.most` letters. `so_far` is called with how many letters were looked at.
// Errors as read_letters; FailedPrecondition: the database refuses it. What `report` says was stored is stored, in any case.
absl::Status redrive_letters(const Addresses& addresses, RedriveRequest request, RedriveReport& report,
                             const std::function<void(std::int64_t)>& so_far);

}  // namespace quickbite::cli
