#pragma once

#include <filesystem>
#include <string>

namespace splitlane::training::test {

/// Runs a conversation file and returns it with what was really said. A file is a list of blocks: commands, a line of
/// dashes, and under it all that the nodes said, up to an empty line. Commands:
///
///     helper ID [memory=MB] [switch_cost=TIME]
///     client ID HELPER release=1 forward=2 client_forward=1 client_backward=1 backward=3 tail=1 cut=1,3 [memory=MB]
///     option ID HELPER ...                a further one of the client above, likewise
///     client ID local=9
///     plan batches=COUNT                  plans the instance, and says when every task ends
///     cluster layers=COUNT rounds=COUNT [rule=RULE] [emulated=1] [delay=TIME] [minimum=CLIENTS] [retry=TIME]
///             [keepalive=TIME] [return_wait=TIME]
///     inject TIME client|helper ID to=helper|aggregator join|leave|activations|gradients|ready|hello [token=T]
///            [round=N] [batch=N] [client=NUMBER]
///     lose TIME client|helper ID          it dies
///     restart TIME client|helper ID       and is there again
///     stall TIME client|helper ID for=TIME
///     cut TIME client|helper ID [to=helper|aggregator]
///     restart_aggregator TIME after=TIME
///     end_early TIME
///     run
std::string replayed(const std::filesystem::path& file);

}  // namespace splitlane::training::test
