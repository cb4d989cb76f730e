#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/admin_connection.h"
#include "adapters/postgres/migrate.h"

namespace quickbite::postgres {

// The movement decides: where it is there already, nothing happens to the stock.
absl::StatusOr<bool> add_stock(const std::string& inventory_connection, const Sku& sku, Quantity quantity,
                               const EventId& id, MovementKind kind) {
  if (sku.value.find('\0') != sku.value.npos) return absl::InvalidArgumentError("a SKU has no NUL byte");
  return with_status("adding stock", [&]() -> absl::StatusOr<bool> {
    AdminConnection database(inventory_connection);
    const std::string name = database.quote(sku.value);
    const pqxx::result result = database.run(absl::StrCat(
        "WITH movement AS (INSERT INTO stock_movements (cause, sku, kind, quantity, at) VALUES (",
        database.quote(to_string(id.value)), ", ", name, ", ", database.quote(std::string(to_string(kind))), ", ",
        quantity.value,
        ", now()) ON CONFLICT (cause, sku) DO NOTHING RETURNING sku, quantity)"
        " INSERT INTO stock AS s (sku, available, reserved) SELECT sku, quantity, 0 FROM movement"
        " ON CONFLICT (sku) DO UPDATE SET available = s.available + excluded.available RETURNING s.sku"));
    return !result.empty();
  });
}

}  // namespace quickbite::postgres
