// The OpenAPI document, docs/openapi.yaml, as it was when this was built.
#pragma once

#include <string_view>

namespace quickbite::orders {

extern const std::string_view kOpenApi;

}  // namespace quickbite::orders
