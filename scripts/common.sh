# Sourced by the scripts beside it: the project's root, one line per step with its seconds, the number of parallel jobs.
# Defines `step NAME COMMAND...`, `build_tree PRESET`, `require_tools TOOL...`; the output of a step goes to build/logs/.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
jobs="$(nproc)"
logs="$root/build/logs"

# Runs a command with its output in a log file; prints the seconds it took, and the end of the log when it failed.
step() {
  local name="$1"
  shift
  local log="$logs/${name//[^a-zA-Z0-9]/-}.log"
  local begin=$SECONDS status=0
  mkdir -p "$logs"
  printf '%-44s' "$name"
  "$@" >"$log" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then
    printf ' %5d s\n' "$((SECONDS - begin))"
  else
    printf ' %5d s  FAILED, %s ends with:\n' "$((SECONDS - begin))" "${log#"$root/"}"
    tail -n 60 "$log"
  fi
  return "$status"
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
