#include "domain/inventory/restock.h"

#include <utility>

#include "domain/base/check.h"

namespace quickbite {
namespace {

bool is_same(const std::vector<MovementRow>& caused, const Restock& restock) {
  return caused.size() == 1 && caused[0].kind == MovementKind::kRestock && caused[0].sku == restock.sku &&
         caused[0].quantity == restock.quantity;
}

}  // namespace

bool is_sku(std::string_view text) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= 64 && text.find_first_not_of(kAllowed) == text.npos;
}

std::optional<std::string_view> fault_of(const Restock& restock) {
  if (restock.id.value == Uuid{}) return "id must be a UUID that is not nil";
  if (!is_sku(restock.sku.value)) return "sku must be 1 to 64 letters, digits, '.', '_', '-'";
  if (restock.quantity.value < 1 || restock.quantity.value > kRestockMax) {
    return "quantity must be a whole number from 1 to 1000000000";
  }
  return std::nullopt;
}

RestockDecision decide(const std::vector<MovementRow>& caused, const StockRow* stock, const Restock& restock,
                       Instant now) {
  CHECK(!fault_of(restock));
  if (!caused.empty()) {
    if (!is_same(caused, restock)) return IdTaken{};
    return AddedBefore{stock != nullptr ? *stock : StockRow{restock.sku, Quantity(0), Quantity(0)}};
  }
  StockAdded added;
  added.sku_is_new = stock == nullptr;
  added.stock = stock != nullptr ? *stock : StockRow{restock.sku, Quantity(0), Quantity(0)};
  if (added.stock.available.value + added.stock.reserved.value > kStockMax - restock.quantity.value) return TooMuchStock{};
  added.stock.available.value += restock.quantity.value;
  added.movement = {restock.sku, MovementKind::kRestock, restock.quantity, std::nullopt, restock.id, now};
  return added;
}

}  // namespace quickbite
