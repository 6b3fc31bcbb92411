#include "training/loop/event_loop.hpp"

#include <asio.hpp>
#include <atomic>
#include <chrono>
#include <exception>
#include <utility>

#include "training/network/network.hpp"

namespace splitlane::training {

namespace {

using Clock = std::chrono::steady_clock;

std::atomic<Time> clock_offset = 0;

Clock::time_point time_point_of(Time instant) {
  return Clock::time_point(std::chrono::microseconds(instant - clock_offset));
}

}  // namespace

struct EventLoop::Threads {
  explicit Threads(int worker_count, int threads_of_a_layer)
      : workers(static_cast<std::size_t>(worker_count)), layer_threads(threads_of_a_layer) {}

  asio::io_context loop{1};
  asio::executor_work_guard<asio::io_context::executor_type> keeps_running = asio::make_work_guard(loop);
  asio::thread_pool workers;
  int layer_threads;
};

EventLoop::EventLoop(int workers, int layer_threads) : threads_(std::make_unique<Threads>(workers, layer_threads)) {}

EventLoop::~EventLoop() { finish(); }

Time EventLoop::now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count() + clock_offset;
}

void EventLoop::set_clock_offset(Time offset) { clock_offset = offset; }

void EventLoop::post(Work work) { asio::post(threads_->loop, std::move(work)); }

void EventLoop::at(Time instant, Work work) {
  auto timer = std::make_shared<asio::steady_timer>(threads_->loop, time_point_of(instant));
  timer->async_wait([timer, work = std::move(work)](const asio::error_code& error) {
    if (!error) work();
  });
}

void EventLoop::compute(Work work, Work done) {
  asio::post(threads_->workers, [this, work = std::move(work), done = std::move(done)] {
    set_layer_threads(threads_->layer_threads);
    try {
      work();
      asio::post(threads_->loop, done);
    } catch (...) {
      asio::post(threads_->loop, [failure = std::current_exception()] { std::rethrow_exception(failure); });
    }
  });
}

void EventLoop::run() { threads_->loop.run(); }

void EventLoop::stop() { threads_->loop.stop(); }

void EventLoop::finish() {
  threads_->workers.stop();
  threads_->workers.join();
}

}  // namespace splitlane::training
