// Restock: somebody puts units of one SKU into stock, as an act with an id of its own, however often it is sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/inventory/reservation.h"

namespace quickbite {

// Of one SKU, available and reserved together; far below where a sum of sums could overflow.
inline constexpr std::int64_t kStockMax = 1'000'000'000'000;

inline constexpr std::int64_t kRestockMax = 1'000'000'000;  // of one act

struct Restock {
  EventId id;         // unique: the same id is the same act
  Sku sku;
  Quantity quantity;  // 1..kRestockMax
};

// 1 to 64 letters, digits, '.', '_', '-'.
bool is_sku(std::string_view text);

// What is wrong with it, for a person, whatever the rows say; nullopt where nothing is.
std::optional<std::string_view> fault_of(const Restock& restock);

// The movement is to be written, and the stock's row as it is afterwards: a new one where `sku_is_new`.
struct StockAdded {
  bool sku_is_new = false;
  StockRow stock;
  MovementRow movement;
};
// It was done before: nothing is to be written. The stock is as it is now.
struct AddedBefore {
  StockRow stock;
};
// The id is another act's: another SKU, another quantity, or no restock at all.
struct IdTaken {};
// There would be more of it than kStockMax.
struct TooMuchStock {};
using RestockDecision = std::variant<StockAdded, AddedBefore, IdTaken, TooMuchStock>;

// `caused` are all movements with that id as their cause, `stock` the SKU's row or null; both as of one transaction that holds
// the row's lock. `restock` has no fault.
RestockDecision decide(const std::vector<MovementRow>& caused, const StockRow* stock, const Restock& restock, Instant now);

}  // namespace quickbite
