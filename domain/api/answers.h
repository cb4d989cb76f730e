// Answers that the routing gives by itself. Private to domain/api.
#pragma once

#include <optional>
#include <string_view>

#include "domain/port/http.h"

namespace quickbite::api {

// A problem document that also names the field which it is about: "items[2].sku".
HttpAnswer problem_of_field(std::string_view type, int status, std::string_view title,
                            std::string_view detail, std::optional<std::string_view> field);

HttpAnswer no_such_order();

}  // namespace quickbite::api
