#include "sim/plan/plan.h"

#include <algorithm>
#include <array>

#include "domain/base/check.h"

namespace quickbite::sim {
namespace {

constexpr std::array<std::string_view, kPoisonKinds> kPoisonWords = {
    "truncated",    "not-json", "wrong-schema", "wrong-types", "deep-nesting",
    "invalid-utf8", "huge",     "empty",        "null-key",    "forged-reserved",
};

}  // namespace

std::string_view to_string(ServiceName service) {
  switch (service) {
    case ServiceName::kOrders:
      return "orders";
    case ServiceName::kInventory:
      return "inventory";
  }
  check_failed("a known ServiceName", __FILE__, __LINE__);
}

std::optional<ServiceName> parse_service(std::string_view word) {
  for (const ServiceName service : {ServiceName::kOrders, ServiceName::kInventory}) {
    if (word == to_string(service)) return service;
  }
  return std::nullopt;
}

std::string_view to_string(PoisonKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  CHECK(index < kPoisonKinds);
  return kPoisonWords[index];
}

std::optional<PoisonKind> parse_poison(std::string_view word) {
  const auto* at = std::ranges::find(kPoisonWords, word);
  if (at == kPoisonWords.end()) return std::nullopt;
  return static_cast<PoisonKind>(at - kPoisonWords.begin());
}

std::vector<std::string> clients_of(const Plan& plan) {
  std::vector<std::string> clients;
  for (const Act& act : plan.acts) {
    const std::string* client = nullptr;
    if (const auto* place = std::get_if<PlaceAct>(&act.what)) client = &place->client;
    if (const auto* menu = std::get_if<MenuAct>(&act.what)) client = &menu->client;
    if (client == nullptr) continue;
    if (std::ranges::find(clients, *client) == clients.end()) clients.push_back(*client);
  }
  return clients;
}

}  // namespace quickbite::sim
