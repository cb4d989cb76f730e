// What a GET asks for: its query and its headers become a Query. Private to domain/api.
#pragma once

#include <optional>
#include <string_view>

#include "domain/api/api.h"

namespace quickbite::api {

// GET /v1/orders?userId=&limit=&cursor=
Routed read_list(std::string_view query, const std::optional<UserId>& caller);

// GET /v1/orders/{id}?wait=&version=, with If-None-Match
Routed read_one(const OrderId& id, const HttpRequest& request, const std::optional<UserId>& caller);

// GET /v1/orders/{id}/timeline
Routed read_timeline(const OrderId& id, std::string_view query, const std::optional<UserId>& caller);

// The caller may speak of himself alone.
HttpAnswer another_user();

}  // namespace quickbite::api
