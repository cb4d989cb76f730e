#include "domain/property/property.h"

#include "domain/property/checks.h"

namespace quickbite::property {
namespace {

constexpr Property kProperties[] = {
    {"S1", "Stock is never negative, and what was seeded and restocked is available or held.",
     Kind::kState,
     mask_of<StockWritten>() | mask_of<ReservationWritten>() | mask_of<MovementAppended>(),
     s01_step, s01_full},
    {"S2",
     "Orders go from PENDING to CONFIRMED or CANCELLED, and from CONFIRMED to CANCELLED only by "
     "the customer.",
     Kind::kEdge, mask_of<OrderWritten>() | mask_of<HistoryAppended>(), s02_step, nullptr},
    {"S3", "An announced change and its outbox row are in one transaction.", Kind::kEdge,
     mask_of<HistoryAppended>() | mask_of<ReservationWritten>() | mask_of<OutboxInserted>(),
     s03_step, nullptr},
    {"S7", "An event has at most one effect, ever, in the transaction of its dedupe row.",
     Kind::kState,
     mask_of<HistoryAppended>() | mask_of<ReservationWritten>() | mask_of<MovementAppended>() |
         mask_of<ProcessedInserted>(),
     s07_step, s07_full},
    {"S8", "A committed offset never passes a record that has no outcome.", Kind::kState,
     mask_of<OffsetCommitted>(), s08_step, s08_full},
    {"S9", "No record is both applied and dead-lettered.", Kind::kState,
     mask_of<ProcessedInserted>(), s09_step, s09_full},
    {"S10", "A dead letter keeps the record as it was, and its reason is true and permanent.",
     Kind::kState, mask_of<ProcessedInserted>() | mask_of<OutboxInserted>(), s10_step, s10_full},
    {"S11", "At the moment a POST is answered 2xx, its order is durable.", Kind::kEdge,
     mask_of<PostAnswered>(), s11_step, nullptr},
    {"S12", "A POST that was answered a definite failure leaves no order.", Kind::kState,
     mask_of<OrderWritten>() | mask_of<PostAnswered>(), s12_step, s12_full},
    {"S14",
     "At rest an order is CONFIRMED exactly where its lines are reserved, and CANCELLED where "
     "nothing is held.",
     Kind::kRest, 0, nullptr, s14_full},
    {"S16", "Whoever asks after he was answered is shown nothing older.", Kind::kEdge, mask_of<OrderShown>(), s16_step,
     nullptr},
    {"S17", "A rejection is justified: some line was unknown or exceeded the available stock.",
     Kind::kEdge, mask_of<ReservationWritten>(), s17_step, nullptr},
    {"S18", "A response shows only the caller's own orders.", Kind::kEdge, mask_of<OrderShown>(), s18_step, nullptr},
    {"S19", "A row is marked only by the relay whose lease claims its shard.", Kind::kEdge, mask_of<OutboxMarked>(), s19_step,
     nullptr},
    {"L1", "The outboxes are empty.", Kind::kFinal, 0, nullptr, l01_full},
    {"L2", "The consumers have no lag.", Kind::kFinal, 0, nullptr, l02_full},
    {"L3", "No order is PENDING.", Kind::kFinal, 0, nullptr, l03_full},
    {"L4", "No reservation is orphaned.", Kind::kFinal, 0, nullptr, l04_full},
    {"L8", "A redriven record that fails again has the dead letter that it had.", Kind::kState, mask_of<OutboxInserted>(),
     l08_step, l08_full},
    {"L9", "A long-poll is answered soon after its order has changed, and a request by whoever said that he was ready.",
     Kind::kEdge, mask_of<LongPollAnswered>() | mask_of<RequestFailed>(), l09_step, nullptr},
    {"L10", "An order that nothing stood in the way of for long enough does not expire.", Kind::kFinal,
     0, nullptr, l10_full},
};

}  // namespace

std::span<const Property> properties() {
  return kProperties;
}

bool looks_at(const Delta& delta) {
  constexpr Mask kAll = [] {
    Mask all = 0;
    for (const Property& property : kProperties) all |= property.mask;
    return all;
  }();
  return (kAll & delta.mask) != 0;
}

std::optional<Violation> check_step(const View& after, const Delta& delta) {
  for (const Property& property : kProperties) {
    if ((property.mask & delta.mask) == 0) continue;
    if (auto violation = property.step(after, delta)) return violation;
  }
  return std::nullopt;
}

std::optional<Violation> check_full(const View& view) {
  for (const Property& property : kProperties) {
    const bool due =
        property.kind == Kind::kState || (property.kind == Kind::kRest && view.at_rest);
    if (!due) continue;
    if (auto violation = property.full(view)) return violation;
  }
  return std::nullopt;
}

std::optional<Violation> check_final(const View& view) {
  for (const Property& property : kProperties) {
    if (property.kind != Kind::kFinal) continue;
    if (auto violation = property.full(view)) return violation;
  }
  return std::nullopt;
}

}  // namespace quickbite::property
