#include "services/live/story.h"

#include "absl/time/clock.h"

namespace quickbite::live {

absl::Status tell(const Story& story, Scene& scene, Narrator& narrator) {
  narrator.begin(story);
  absl::Status status;
  for (const Step& step : story.steps) {
    if (scene.interrupt.raised()) status = absl::CancelledError("interrupted");
    if (!status.ok()) break;
    const absl::Time begin = absl::Now();
    const Seen seen = step.play(scene);
    if (!absl::IsCancelled(seen.status())) narrator.step(step, seen, absl::Now() - begin);
    status = seen.status();
  }
  story.mend(scene);
  return status;
}

}  // namespace quickbite::live
