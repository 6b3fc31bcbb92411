# Sourced by the scripts beside it: the project's root, one line per step with its seconds, the number of parallel jobs.
# Defines `step NAME COMMAND...`, `print_total`, `build_tree PRESET`, `require_tools TOOL...`; the output of a step goes to
# build/logs/.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
jobs="$(nproc)"
logs="$root/build/logs"
total_wall=0
total_processor=0

# One line about one step: seconds on the clock, seconds of processor time of all its processes together.
print_seconds() {
  printf '%-44s %5d s %5d s of processor time' "$@"
}

# Runs a command with its output in a log file; prints the seconds it took, and the end of the log when it failed.
step() {
  local name="$1"
  shift
  local log="$logs/${name//[^a-zA-Z0-9]/-}.log"
  local TIMEFORMAT='%0R %0U %0S' seconds wall user system status=0
  mkdir -p "$logs"
  seconds="$(mktemp)"
  { time "$@" >"$log" 2>&1; } 2>"$seconds" || status=$?
  read -r wall user system < <(tail -n 1 "$seconds")  # what the shell itself says about the command stands before
  rm -f "$seconds"
  total_wall=$((total_wall + wall))
  total_processor=$((total_processor + user + system))
  print_seconds "$name" "$wall" "$((user + system))"
  if [ "$status" -eq 0 ]; then
    echo
  else
    printf '  FAILED, %s ends with:\n' "${log#"$root/"}"
    tail -n 60 "$log"
  fi
  return "$status"
}

# What all steps so far took together.
print_total() {
  print_seconds "all steps" "$total_wall" "$total_processor"
  echo
}

# Stops with the way out when a tool that only scripts/bootstrap brings is missing.
require_tools() {
  local tool
  for tool in "$@"; do
    if ! command -v "$tool" >/dev/null; then
      echo "$(basename "$0"): $tool is missing; scripts/bootstrap installs it" >&2
      exit 1
    fi
  done
}

# Configures and builds a preset of CMakePresets.json in build/PRESET, through ccache where there is one.
build_tree() {
  local preset="$1"
  shift
  if command -v ccache >/dev/null; then set -- -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"; fi
  (cd "$root" && cmake --preset "$preset" "$@" && cmake --build "build/$preset" --parallel "$jobs")
}

# All C++ sources below the given folders of the project, one a line.
sources_in() {
  (cd "$root" && find "$@" \( -name '*.cpp' -o -name '*.hpp' \) -print | sort)
}
