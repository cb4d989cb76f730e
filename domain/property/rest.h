// What it takes to be at rest: for whoever makes a View, and for the liveness properties.
#pragma once

#include "domain/port/rows.h"
#include "domain/property/view.h"

namespace quickbite::property {

// The first row that is neither sent, nor parked, nor behind a parked row of its key; null where
// all that can be sent is.
const OutboxRow* row_waiting(const View& view);

// The first log whose consumer has not committed up to its end; null where no consumer has a lag.
const LogView* log_lagging(const View& view);

// Every row is sent, and none is parked.
bool outboxes_empty(const View& view);

bool lag_zero(const View& view);

// Neither service has a dead letter. Whoever redrives them knows better which of them still count.
bool dead_letters_absent(const View& view);

// What the tables and logs alone can tell of `View::at_rest`. Machines, timers and strangers'
// records are the maker's to judge.
bool tables_at_rest(const View& view);

}  // namespace quickbite::property
