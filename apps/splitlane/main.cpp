#include <csignal>

#include "application.hpp"

int main(int argc, char** argv) {
  // A closed pipe or a full quota must come back as an error of the write, which names the file, and not as a signal
  // that ends the program without a word.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return run_application(argc, argv);
}
