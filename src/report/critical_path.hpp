#pragma once

#include <vector>

#include "report/course.hpp"
#include "report/step.hpp"

namespace splitlane::report {

/// Why the makespan is what it is, planned or actual, from time 0 to the completion of the batch that completes last:
/// read backwards, a segment starts when its own client became ready (then its turnaround or release comes before), or
/// when its helper was done with another segment (then that one comes before, and a switch where it costs time). Where
/// neither holds, the helper is idle, and the later of the two comes before. A batch starts when its client completed
/// the one before; behind a barrier, when the last of all clients did. Time that an attempt on a lost helper took is
/// one `lost` step. The steps follow each other without a gap and have no empty ones among them; of a valid plan or
/// trace they cover [0, makespan). Empty where nothing completes. O(segments of the helpers that it runs through).
std::vector<Step> critical_path(const Course& course);

}  // namespace splitlane::report
