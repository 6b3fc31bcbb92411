#include "bound/price_ascent.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace splitlane {

namespace {

constexpr std::size_t kSampledOptions = 300'000;
constexpr double kLargestStep = 0.7;     // of the logarithm of a price in one round
constexpr double kDamping = 1e-3;        // share of the diagonal that is added to the curvature
constexpr double kTolerance = 0.03;      // of the residual, where conjugate gradients stop
constexpr double kLeastPrice = 1e-12;

double env(const char* n, double d) { const char* v = getenv(n); return v ? atof(v) : d; }

double interpolate(double first, double last, double fraction) { return first * std::pow(last / first, fraction); }

template <class Act>
void zip(RowPrices& left, const RowPrices& right, const Act& act) {
  for (std::size_t row = 0; row < left.windows.size(); ++row) act(left.windows[row], right.windows[row]);
  for (std::size_t row = 0; row < left.memory.size(); ++row) act(left.memory[row], right.memory[row]);
}

double dot(const RowPrices& left, const RowPrices& right) {
  double sum = 0.0;
  for (std::size_t row = 0; row < left.windows.size(); ++row) sum += left.windows[row] * right.windows[row];
  for (std::size_t row = 0; row < left.memory.size(); ++row) sum += left.memory[row] * right.memory[row];
  return sum;
}

}  // namespace

PriceAscent::PriceAscent(const PriceProblem& problem, Workers& workers)
    : problem_(problem), workers_(workers), spread_(problem, workers) {
  prices_.windows.assign(problem.window_count(), 1.0);
  prices_.memory.assign(problem.helper_count(), 0.0);
  std::vector<double> slowness(problem.helper_count()+1, 1e-9);
  std::vector<double> count(problem.helper_count()+1, 1e-9);
  for (std::size_t client = 0; client < problem.instance().client_count(); ++client) {
    float least = 1e30F;
    for (const auto& o : problem.options(client)) least = std::min(least, o.forward + o.backward);
    if (!(least > 0)) continue;
    for (const auto& o : problem.options(client)) { slowness[o.helper] += (o.forward + o.backward)/least; count[o.helper] += 1.0; }
  }
  for (std::size_t helper = 0; helper < problem.helper_count(); ++helper) {
    const double price = count[helper] / slowness[helper];
    if (problem.has_memory(helper)) prices_.memory[helper] = 0.05*price;
    const auto& place = problem.helper(helper);
    const std::uint32_t n = place.heads * place.tails;
    for (std::uint32_t w = 0; w < n; ++w) prices_.windows[place.first_window + w] = price / n;
  }
  normalise();
  spread_.set_units(prices_);
  best_prices_ = prices_;
}

void PriceAscent::normalise() {
  double sum = 0.0;
  for (const double price : prices_.windows) sum += price;
  const double scale = static_cast<double>(problem_.helper_count()) / sum;
  for (double& price : prices_.windows) price = std::max(price * scale, kLeastPrice);
  for (double& price : prices_.memory) price *= scale;
}

double PriceAscent::value(double least_costs) const {
  double total = least_costs;
  double sum = 0.0;
  for (std::size_t window = 0; window < prices_.windows.size(); ++window) {
    total += prices_.windows[window] * problem_.edge(window);
    sum += prices_.windows[window];
  }
  for (const double price : prices_.memory) total -= price;
  return total / sum;
}

// The makespan at which the residuals below add up to 0.
double PriceAscent::target(double barrier) const {
  const RowLoads& loads = spread_.loads();
  double total = 0.0;
  double sum = 0.0;
  for (std::size_t window = 0; window < prices_.windows.size(); ++window) {
    total += prices_.windows[window] * (loads.windows[window] + problem_.edge(window)) + barrier;
    sum += prices_.windows[window];
  }
  for (std::size_t helper = 0; helper < prices_.memory.size(); ++helper) {
    if (problem_.has_memory(helper)) total += prices_.memory[helper] * (loads.memory[helper] - 1.0) + barrier;
  }
  return total / sum;
}

void PriceAscent::apply(const RowPrices& direction, RowLoads& result) {
  scaled_direction_ = direction;
  zip(scaled_direction_, prices_, [](double& value, double price) { value *= price; });
  spread_.apply_curvature(scaled_direction_, result);
  for (std::size_t row = 0; row < result.windows.size(); ++row) {
    result.windows[row] = result.windows[row] * prices_.windows[row] +
                          extra_.windows[row] * direction.windows[row];
  }
  for (std::size_t row = 0; row < result.memory.size(); ++row) {
    result.memory[row] = result.memory[row] * prices_.memory[row] +
                         extra_.memory[row] * direction.memory[row];
  }
}

// Preconditioned conjugate gradients for (scaled curvature + barrier + damping) step = residual.
void PriceAscent::solve(const RowLoads& residual, double barrier, int most_steps) {
  for (std::size_t row = 0; row < diagonal_.windows.size(); ++row) extra_.windows[row] = barrier + damping_ * prices_.windows[row] * std::max(loads_.windows[row], 0.1);
  for (std::size_t row = 0; row < diagonal_.memory.size(); ++row) extra_.memory[row] = barrier + damping_ * prices_.memory[row] * std::max(loads_.memory[row], 0.1);
  spread_.curvature_diagonal(diagonal_);
  for (std::size_t row = 0; row < diagonal_.windows.size(); ++row) {
    diagonal_.windows[row] = diagonal_.windows[row] * prices_.windows[row] * prices_.windows[row] + extra_.windows[row];
  }
  for (std::size_t row = 0; row < diagonal_.memory.size(); ++row) {
    diagonal_.memory[row] = diagonal_.memory[row] * prices_.memory[row] * prices_.memory[row] + extra_.memory[row];
  }
  const auto floor_rows=[&](std::vector<double>& diag, std::vector<double>& extra, const std::vector<double>& r, const std::vector<double>& reach){ for(std::size_t row=0;row<diag.size();++row){ const double need=std::abs(r[row])/reach[row]; if(diag[row]<need){ extra[row]+=need-diag[row]; diag[row]=need; } } };
  floor_rows(diagonal_.windows, extra_.windows, residual.windows, reach_.windows);
  floor_rows(diagonal_.memory, extra_.memory, residual.memory, reach_.memory);
  const RowPrices preconditioner{diagonal_.windows, diagonal_.memory};
  RowPrices rest{residual.windows, residual.memory};
  const auto precondition = [&](const RowPrices& from) {
    RowPrices result = from;
    zip(result, preconditioner, [](double& value, double diagonal) { value /= diagonal; });
    return result;
  };
  step_.windows.assign(prices_.windows.size(), 0.0);
  step_.memory.assign(prices_.memory.size(), 0.0);
  RowPrices conditioned = precondition(rest);
  RowPrices direction = conditioned;
  double energy = dot(rest, conditioned);
  const double enough = energy * kTolerance * kTolerance;
  RowLoads image;
  int count=0;
  for (int step = 0; step < most_steps && energy > enough && energy > 0.0; ++step,++count) {
    apply(direction, image);
    const RowPrices mapped{image.windows, image.memory};
    const double length = energy / dot(direction, mapped);
    zip(step_, direction, [&](double& value, double change) { value += length * change; });
    zip(rest, mapped, [&](double& value, double change) { value -= length * change; });
    conditioned = precondition(rest);
    const double next = dot(rest, conditioned);
    const double ratio = next / energy;
    energy = next;
    zip(direction, conditioned, [&](double& value, double fresh) { value = ratio * value + fresh; });
  }
  if(getenv("PV")) fprintf(stderr," cg %d ",count);
}


double PriceAscent::merit(double smooth_costs, double barrier) const {
  double total = value(smooth_costs);
  double logs=0;
  for (const double price : prices_.windows) logs += std::log(std::max(price, kLeastPrice));
  for (std::size_t h=0;h<prices_.memory.size();++h) if (problem_.has_memory(h)) logs += std::log(std::max(prices_.memory[h], kLeastPrice));
  return total + barrier * logs / static_cast<double>(problem_.helper_count());
}

void PriceAscent::run(const Schedule& schedule_in, const StopCondition& stop) {
  Schedule schedule=schedule_in;
  schedule.rounds=(int)env("R",schedule.rounds); schedule.first_sharpness=env("K0",schedule.first_sharpness); schedule.last_sharpness=env("K1",schedule.last_sharpness);
  schedule.first_barrier=env("B0",schedule.first_barrier); schedule.last_barrier=env("B1",schedule.last_barrier); schedule.most_steps=(int)env("CG",schedule.most_steps);
  static double ls=env("LS",kLargestStep), so=env("SO",kSampledOptions), kf=env("KF",1.5);
  const bool pv=getenv("PV");
  damping_ = env("D0",3.0);
  extra_ = spread_.loads();
  reach_.windows.assign(prices_.windows.size(),0.3); reach_.memory.assign(prices_.memory.size(),0.3);
  diagonal_ = spread_.loads();
  sharpness_ = schedule.first_sharpness;
  RowLoads residual;
  RowPrices before;

  double merit_before = 0, predicted=0;
  static double bump=env("BU",0.1); int passes=0; double barrier=0; SoftAssignment::Costs costs;
  double excess_now=0, excess_before=0; static double acc=env("ACC",0.7); const auto evaluate=[&]{ ++passes;
    const double fraction = std::log(sharpness_/schedule.first_sharpness)/std::log(schedule.last_sharpness/schedule.first_sharpness);
    barrier = interpolate(schedule.first_barrier, schedule.last_barrier, fraction);
    costs = spread_.spread(prices_, sharpness_);
    const double reached = value(costs.least);
    if (reached > best_value_) { best_value_ = reached; best_prices_ = prices_; }
    if (pv) fprintf(stderr, "\n%d sharp %.1f value %.5f best %.1f damp %.4f", passes, sharpness_, reached, best_value(), damping_);
    { double t=target(barrier), ex=0; const RowLoads& l=spread_.loads(); for(size_t w=0;w<l.windows.size();++w) ex+=std::max(0.0,l.windows[w]+problem_.edge(w)-t); for(size_t h=0;h<l.memory.size();++h) ex+=std::max(0.0,l.memory[h]-1); ex/=(double)problem_.helper_count(); const double score=ex+(t-reached); excess_now=ex; if(score<best_score_){best_score_=score;score_prices_=prices_;score_sharp_=sharpness_;} if(pv) fprintf(stderr," excess %.5f score %.5f",ex,score); }
    return merit(costs.smooth, barrier);
  };
  const auto prepare=[&]{ excess_before=excess_now;
      loads_ = spread_.loads();
      before = prices_; 
      const double makespan = target(barrier);
      residual = loads_;
      double wr=0,mr=0;
      for (std::size_t window = 0; window < residual.windows.size(); ++window) {
        const double excess = residual.windows[window] + problem_.edge(window) - makespan;
        wr=std::max(wr,excess);
        residual.windows[window] = prices_.windows[window] * excess + barrier;
      }
      for (std::size_t helper = 0; helper < residual.memory.size(); ++helper) {
        if (problem_.has_memory(helper)) mr=std::max(mr,residual.memory[helper]-1);
        residual.memory[helper] =
            problem_.has_memory(helper) ? prices_.memory[helper] * (residual.memory[helper] - 1.0) + barrier : 0.0;
      }
      const auto adapt=[&](std::vector<double>& reach, std::vector<double>& last, const std::vector<double>& r){ if(last.empty()) { last=r; return; } for(std::size_t row=0;row<reach.size();++row){ static double up=env("UP",1.7),dn=env("DN",0.4),lo=env("LO",2),hi=env("HI",1e9); reach[row] = std::clamp(reach[row]*(last[row]*r[row]>0?up:dn), std::min(0.3,lo/sharpness_), std::min(1.0, std::max(0.3*0+hi/sharpness_,0.0))); last[row]=r[row]; } };
      adapt(reach_.windows,last_.windows,residual.windows); adapt(reach_.memory,last_.memory,residual.memory);
      spread_.sample_curvature(sharpness_, (size_t)so);
      if (pv) fprintf(stderr, " target %.5f maxexcess %.5f mem %.5f ", makespan, wr, mr);
  };
  merit_before=evaluate(); prepare();
  int stalled=0;
  while(passes<schedule.rounds && !stop.reached()) {
    solve(residual, barrier, schedule.most_steps);
    predicted = 0.5*dot(step_, RowPrices{residual.windows,residual.memory})/static_cast<double>(problem_.helper_count());
    if(pv){ size_t worst=0; double we=-1e9; for(size_t w=0;w<loads_.windows.size();++w) if(loads_.windows[w]+problem_.edge(w)>we){we=loads_.windows[w]+problem_.edge(w);worst=w;} fprintf(stderr," [worst %zu load %.3f price %.2e step %.4f diag %.2e extra %.2e res %.2e reach %.3e]",worst,we,prices_.windows[worst],step_.windows[worst],diagonal_.windows[worst],extra_.windows[worst],residual.windows[worst],reach_.windows[worst]); }
    static double lc=env("LC",20); const double limit=std::min(ls,lc/sharpness_); const auto limited = [&](double change) { return std::clamp(change, -limit, limit); };
    zip(prices_, step_, [&](double& price, double change) { price *= std::exp(limited(change)); });
    normalise();
    const double m=evaluate(); const double gain=m-merit_before;
    if (pv) fprintf(stderr, " gain %.6f pred %.6f ", gain, predicted);
    if (gain<0 && !(excess_now<acc*excess_before)) { prices_=before; damping_*=6; if(++stalled>=6 || predicted<1e-6) { if(sharpness_>=schedule.last_sharpness) break; stalled=0; damping_=0.01; sharpness_ = std::min(sharpness_*kf, schedule.last_sharpness); merit_before=evaluate(); prepare(); } continue; }
    stalled=0;
    if (gain > 0.6*predicted) damping_ = std::max(damping_/5, 1e-4); else if (gain < 0.25*predicted) damping_ *= 2.5; 
    if (sharpness_>=schedule.last_sharpness && predicted<3e-6) break;
    if (predicted < bump*(target(barrier)-value(costs.least)) && sharpness_<schedule.last_sharpness) { sharpness_ = std::min(sharpness_*kf, schedule.last_sharpness); merit_before=evaluate(); } else merit_before=m;
    prepare();
  }
}

}  // namespace splitlane
