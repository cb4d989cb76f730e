#include "sim/shrink/shrink.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/check.h"
#include "domain/base/match.h"
#include "sim/plan/parse.h"
#include "sim/shrink/strikes.h"

namespace quickbite::sim {
namespace {

constexpr std::uint64_t kOtherSeeds = 64;

bool places(const Plan& plan, const std::string& label) {
  return std::ranges::any_of(plan.acts, [&](const Act& act) {
    const auto* place = std::get_if<PlaceAct>(&act.what);
    return place != nullptr && place->label == label;
  });
}

// Whether an act speaks of an order, a replica or a partition that the plan has not.
bool is_void(const Plan& plan, const Act& act) {
  return match(
      act.what,  //
      [&](const CancelAct& cancel) { return !places(plan, cancel.label); },
      [&](const RefuseAct& refuse) { return !places(plan, refuse.label); },
      [&](const BarAct& bar) { return !places(plan, bar.label); },
      [&](const ForgeAct& forge) {
        return std::ranges::none_of(plan.acts, [&](const Act& other) {
          const auto* place = std::get_if<PlaceAct>(&other.what);
          return place != nullptr && place->client == forge.client && place->key == forge.key;
        });
      },
      [&](const CrashAct& crash) {
        return crash.replica >= (crash.service == ServiceName::kOrders ? plan.shape.orders : plan.shape.inventory);
      },
      [&](const PoisonAct& poison) { return poison.partition.value >= plan.shape.partitions; },
      [](const PlaceAct&) { return false; }, [](const MenuAct&) { return false; }, [](const BrokerOutage&) { return false; },
      [](const DatabaseOutage&) { return false; }, [](const RewindAct&) { return false; }, [](const LoseAct&) { return false; },
      [](const RedriveAct&) { return false; }, [](const RepublishAct&) { return false; });
}

std::uint32_t replicas(const Plan& plan, Role role) {
  switch (role) {
    case Role::kClient:
      return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(clients_of(plan).size()));
    case Role::kInventoryRelay:
    case Role::kInventoryDelivery:
    case Role::kInventorySweeper:
      return plan.shape.inventory;
    case Role::kOrdersOperator:
    case Role::kInventoryOperator:
      return 1;
    default:
      return plan.shape.orders;
  }
}

class Shrinker {
 public:
  Shrinker(Drawn drawn, const Shows& shows, Codec& codec, const ShrinkOn& go_on)
      : now_{std::move(drawn), {}}, shows_(shows), codec_(codec), go_on_(go_on) {
    RunLimits limits = limits_;
    limits.records = Records::kStrikes;
    const Outcome outcome = run_plan(now_.drawn.plan, now_.drawn.options, limits, codec_);
    CHECK(shows_(outcome));
    now_.strikes = outcome.strikes;
    now_.drawn = pinned(std::move(now_.drawn), now_.strikes);
    CHECK(shows_(run_plan(now_.drawn.plan, now_.drawn.options, limits_, codec_)));
    put_in_order(now_.strikes);
  }

  Shrunk run() {
    for (bool any = true; any;) {
      any = drop_strikes();
      any = drop_acts() || any;
      any = earlier_strikes() || any;
      any = fewer_replicas() || any;
      any = smaller_orders() || any;
      any = earlier_acts() || any;
      any = rounder_lengths() || any;
      any = standard_options() || any;
      any = calm() || any;
      any = fewer_delays() || any;
      any = shorter_delays() || any;
    }
    return {assembled(now_), standard_, stopped_, runs_};
  }

 private:
  struct Candidate {
    Drawn drawn;
    std::vector<Strike> strikes;
  };

  static Drawn assembled(const Candidate& candidate) {
    Drawn drawn = candidate.drawn;
    drawn.plan.rules = rules_of(candidate.strikes);
    return drawn;
  }

  // Takes the candidate where it shows it too.
  bool take(Candidate candidate) {
    if (stopped_ || !go_on_(runs_, now_.drawn.plan.acts.size() + now_.strikes.size())) {
      stopped_ = true;
      return false;
    }
    Plan& plan = candidate.drawn.plan;
    const Plan whole = plan;
    std::erase_if(plan.acts, [&](const Act& act) { return is_void(whole, act); });
    for (Strike& strike : candidate.strikes) strike.replica = std::min(strike.replica, replicas(plan, strike.role) - 1);
    put_in_order(candidate.strikes);
    ++runs_;
    const Drawn drawn = assembled(candidate);
    if (!shows_(run_plan(drawn.plan, drawn.options, limits_, codec_))) return false;
    now_ = std::move(candidate);
    return true;
  }
  template <class Change>
  bool take_with(Change&& change) {
    Candidate candidate = now_;
    change(candidate.drawn);
    return take(std::move(candidate));
  }

  // Takes away all that it can of what `things` gives of a candidate: all at once, halves, quarters, and so on.
  template <class Things>
  bool drop(Things&& things) {
    bool any = false;
    for (std::size_t some = things(now_).size(); some > 0; some /= 2) {
      for (std::size_t at = 0; at < things(now_).size();) {
        Candidate candidate = now_;
        auto& of_it = things(candidate);
        const std::size_t end = std::min(at + some, of_it.size());
        of_it.erase(of_it.begin() + static_cast<std::ptrdiff_t>(at), of_it.begin() + static_cast<std::ptrdiff_t>(end));
        if (take(std::move(candidate))) {
          any = true;
        } else {
          at = end;
        }
      }
    }
    return any;
  }
  bool drop_strikes() {
    return drop([](Candidate& candidate) -> std::vector<Strike>& { return candidate.strikes; });
  }
  bool drop_acts() {
    return drop([](Candidate& candidate) -> std::vector<Act>& { return candidate.drawn.plan.acts; });
  }

  // At the first moment of its kind, of the first replica; else earlier than it was.
  bool earlier_strikes() {
    bool any = false;
    for (std::size_t i = 0; i < now_.strikes.size(); ++i) {
      const auto take_at = [&](std::uint32_t replica, std::uint32_t nth) {
        Candidate candidate = now_;
        Strike& strike = candidate.strikes[i];
        if (strike.replica == replica && strike.nth == nth) return false;
        strike.replica = replica;
        strike.nth = nth;
        put_in_order(candidate.strikes);
        if (lateness(candidate.strikes) >= lateness(now_.strikes)) return false;  // another stands there
        return take(std::move(candidate));
      };
      any = take_at(0, 1) || take_at(0, now_.strikes[i].nth) || any;
      for (std::uint32_t nth = 1; nth < now_.strikes[i].nth; nth += (now_.strikes[i].nth - nth + 1) / 2) {
        if (take_at(now_.strikes[i].replica, nth)) any = true;
      }
    }
    return any;
  }

  bool fewer_replicas() {
    bool any = fewest([](Drawn& drawn) -> std::uint32_t& { return drawn.plan.shape.orders; });
    any = fewest([](Drawn& drawn) -> std::uint32_t& { return drawn.plan.shape.inventory; }) || any;
    return fewest([](Drawn& drawn) -> std::int32_t& { return drawn.plan.shape.partitions; }) || any;
  }

  // The least of a count from 1 on with which it still shows.
  template <class Count>
  bool fewest(Count&& count) {
    using Counted = std::remove_reference_t<decltype(count(now_.drawn))>;
    for (std::int64_t fewer = 1; Counted(fewer) < count(now_.drawn); ++fewer) {
      if (take_with([&](Drawn& drawn) { count(drawn) = Counted(fewer); })) return true;
    }
    return false;
  }

  bool smaller_orders() {
    bool any = now_.drawn.plan.deadline && take_with([](Drawn& drawn) { drawn.plan.deadline.reset(); });
    for (std::size_t i = 0; i < now_.drawn.plan.acts.size(); ++i) {
      const auto lines = [&](Drawn& drawn) -> std::vector<Line>* {
        auto* place = std::get_if<PlaceAct>(&drawn.plan.acts[i].what);
        return place == nullptr ? nullptr : &place->lines;
      };
      if (lines(now_.drawn) == nullptr) continue;
      for (std::size_t line = 0; line < lines(now_.drawn)->size() && lines(now_.drawn)->size() > 1;) {
        const auto at = static_cast<std::ptrdiff_t>(line);
        const bool gone = take_with([&](Drawn& drawn) { lines(drawn)->erase(lines(drawn)->begin() + at); });
        any = gone || any;
        if (!gone) ++line;
      }
      for (std::size_t line = 0; line < lines(now_.drawn)->size(); ++line) {
        any = fewest([&](Drawn& drawn) -> Quantity& { return (*lines(drawn))[line].quantity; }) || any;
      }
    }
    for (std::size_t i = 0; i < now_.drawn.plan.stock.size(); ++i) {
      any = fewest([&](Drawn& drawn) -> Quantity& { return drawn.plan.stock[i].quantity; }) || any;
    }
    return drop([](Candidate& candidate) -> std::vector<Plan::Stock>& { return candidate.drawn.plan.stock; }) || any;
  }

  // How long something is away.
  static Duration* length_of(Act& act) {
    return match(
        act.what,  //
        [](BrokerOutage& outage) { return &outage.length; }, [](DatabaseOutage& outage) { return &outage.length; },
        [](CrashAct& crash) { return &crash.down; },
        [](RefuseAct& refuse) { return refuse.length ? &*refuse.length : nullptr; }, [](auto&) -> Duration* { return nullptr; });
  }
  bool rounder_lengths() {
    bool any = false;
    for (std::size_t i = 0; i < now_.drawn.plan.acts.size(); ++i) {
      for (const std::int64_t unit : {100'000, 10'000, 1'000}) {
        const Duration* length = length_of(now_.drawn.plan.acts[i]);
        if (length == nullptr || length->us % unit == 0) break;
        const Duration rounder{(length->us + unit - 1) / unit * unit};
        if (!take_with([&](Drawn& drawn) { *length_of(drawn.plan.acts[i]) = rounder; })) continue;
        any = true;
        break;
      }
    }
    return any;
  }

  // As early as the one before; else at a rounder time.
  bool earlier_acts() {
    bool any = false;
    for (std::size_t i = 0; i < now_.drawn.plan.acts.size(); ++i) {
      const auto at = [&](Drawn& drawn) -> Instant& { return drawn.plan.acts[i].at; };
      const Instant before = i == 0 ? Instant{0} : now_.drawn.plan.acts[i - 1].at;
      for (const std::int64_t unit : {std::int64_t{0}, std::int64_t{100'000}, std::int64_t{10'000}, std::int64_t{1'000}}) {
        const Instant earlier = unit == 0 ? before : std::max(before, Instant{at(now_.drawn).us / unit * unit});
        if (earlier == at(now_.drawn)) continue;
        if (!take_with([&](Drawn& drawn) { at(drawn) = earlier; })) continue;
        any = true;
        break;
      }
    }
    return any;
  }

  bool standard_options() {
    if (standard_) return false;
    if (take_with([](Drawn& drawn) { drawn.options = Options(); })) return standard_ = true;
    // Of a few that are small now: another seed may find with these what its own finds with others.
    for (std::uint64_t seed = 1; seed <= kOtherSeeds && now_.drawn.plan.seed && settled_.tried; ++seed) {
      const auto other = [&](Drawn& drawn) {
        drawn.options = Options();
        drawn.plan.seed = seed;
      };
      if (take_with(other)) return standard_ = true;
    }
    settled_.tried = true;
    const Options standard;
    bool any = false;
    const auto one = [&](bool& done, auto&& set) {
      if (done) return;
      done = take_with([&](Drawn& drawn) { set(drawn.options); });
      any = any || done;
    };
    one(settled_.limits, [&](Options& options) { options.limits = standard.limits; });
    one(settled_.timing, [&](Options& options) { options.timing = standard.timing; });
    one(settled_.rest, [&](Options& options) {
      options.menu = standard.menu;
      options.client_attempts = standard.client_attempts;
      options.odds_until = standard.odds_until;
    });
    one(settled_.members, [&](Options& options) { options.static_members = standard.static_members; });
    one(settled_.clients, [&](Options& options) {
      options.clients_watch = standard.clients_watch;
      options.clients_proved = standard.clients_proved;
    });
    return any;
  }

  // Calm clients ask the first replica, whichever was struck under the seed.
  bool calm() {
    if (!now_.drawn.plan.seed) return false;
    return take_with([](Drawn& drawn) { drawn.plan.seed.reset(); }) || take_with([](Drawn& drawn) {
             drawn.plan.seed.reset();
             drawn.plan.shape = Shape();
           }) || calm_but_for_delays();
  }

  // What the seed drew of delays stands in rules: the same run, where it chose nothing else.
  bool calm_but_for_delays() {
    RunLimits limits = limits_;
    limits.records = Records::kDelays;
    const Drawn drawn = assembled(now_);
    Candidate candidate{drawn, run_plan(drawn.plan, drawn.options, limits, codec_).strikes};
    std::erase_if(candidate.strikes, [](const Strike& strike) { return strike.verdict == Verdict::kDelay && strike.length > kDelayMax; });
    if (candidate.strikes.size() > kRulesMax) return false;
    candidate.drawn.plan.seed.reset();
    if (take(candidate)) return true;
    candidate.drawn.plan.shape = Shape();
    return take(std::move(candidate));
  }

  // Where it only matters how long all of them last: one that lasts as long, or one instead of two.
  bool fewer_delays() {
    const auto take_merged = [&](std::size_t i, std::size_t begin, std::size_t end) {
      Candidate candidate = now_;
      return merge_delays(candidate.strikes, i, begin, end) && take(std::move(candidate));
    };
    bool any = false;
    for (std::size_t i = 0; !any && i < now_.strikes.size(); ++i) any = take_merged(i, 0, now_.strikes.size());
    for (std::size_t i = 0; i + 1 < now_.strikes.size();) {
      const bool merged = take_merged(i, i, i + 2);
      any = any || merged;
      if (!merged) ++i;
    }
    return any;
  }

  // The shortest of a few round lengths; else whole milliseconds, of which there may be a few more.
  bool shorter_delays() {
    bool any = false;
    for (std::size_t i = 0; i < now_.strikes.size(); ++i) {
      const auto take_length = [&](Duration length) {
        Candidate candidate = now_;
        candidate.strikes[i].length = length;
        return take(std::move(candidate));
      };
      const Duration length = now_.strikes[i].length;
      if (length.us == 0) continue;
      const bool twice = now_.strikes[i].verdict == Verdict::kDuplicate;
      bool taken = twice && take_length({});
      for (std::int64_t ms = 1; !taken && ms * 1000 < length.us; ms = rounder_above(ms)) taken = take_length(milliseconds(ms));
      if (!taken && length.us % 1000 != 0) taken = take_length(milliseconds(length.us / 1000 + 1));
      any = any || taken;
    }
    return any;
  }
  // 1, 2, 5, 10, 20, 50, …
  static std::int64_t rounder_above(std::int64_t number) {
    std::int64_t unit = number;
    while (unit % 10 == 0) unit /= 10;
    return unit == 2 ? number / 2 * 5 : number * 2;
  }

  Candidate now_;
  const Shows& shows_;
  Codec& codec_;
  const ShrinkOn& go_on_;
  const RunLimits limits_{.fingerprint = false};
  std::uint64_t runs_ = 0;
  bool stopped_ = false;
  bool standard_ = false;
  struct {
    bool tried = false;  // once, so that other things could go first
    bool limits = false, timing = false, rest = false, members = false, clients = false;
  } settled_;  // which options are standard
};

}  // namespace

Drawn pinned(Drawn drawn, const std::vector<Strike>& strikes) {
  drawn.options.odds = {};
  drawn.plan.rules = rules_of(strikes);
  return drawn;
}

Shrunk shrink(Drawn drawn, const Shows& shows, Codec& codec, const ShrinkOn& go_on) {
  return Shrinker(std::move(drawn), shows, codec, go_on).run();
}

}  // namespace quickbite::sim
