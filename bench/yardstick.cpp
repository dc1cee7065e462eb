// The workloads W1 and W2 (w1.yaml, w2.yaml) as one would write them by hand for speed and nothing else: structs, a
// std::priority_queue, a switch. No timeouts, traces or figures per component, only the mean latency, which must be
// the exact one. `yardstick W1|W2 REQUESTS [TIMES]` prints requests per second of CPU time, and the mean latency in ms; W2
// so many times as large, and as busy.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <queue>
#include <vector>

namespace {

// xoshiro256+ 1.0 (Blackman and Vigna 2018).
struct Random {
  uint64_t s[4] = {0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0x2545f4914f6cdd1d};
  static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  double uniform() {
    const uint64_t result = s[0] + s[3], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return double(result >> 11) * 0x1p-53;
  }
  double exponential(double mean) { return -mean * std::log1p(-uniform()); }
  uint32_t below(uint32_t n) { return uint32_t(uniform() * n); }
};

enum Kind : uint32_t { Source, AtBalancer, AppDone, AtCache, DbDone, AtUser };

struct Event {
  double time;
  Kind kind;
  uint32_t request;
  bool operator<(const Event& other) const { return time > other.time; } // the earliest on top
};

// First come, first served, by so many servers.
struct Station {
  int servers;
  int busy = 0;
  std::queue<uint32_t> waiting{};
};

struct Request {
  double start;
  uint32_t app;
};

struct Simulation {
  Random random;
  std::priority_queue<Event> events;
  double now = 0, latency = 0;
  uint64_t done = 0;
  std::vector<Request> requests;
  std::vector<uint32_t> unused;

  void schedule(double delay, Kind kind, uint32_t request) { events.push({now + delay, kind, request}); }

  uint32_t begin() {
    uint32_t request;
    if (unused.empty()) {
      request = uint32_t(requests.size());
      requests.push_back({});
    } else {
      request = unused.back();
      unused.pop_back();
    }
    requests[request].start = now;
    return request;
  }

  void end(uint32_t request) {
    latency += now - requests[request].start;
    unused.push_back(request);
    done++;
  }

  void arrive(Station& station, uint32_t request, double mean, Kind kind) {
    if (station.busy == station.servers) {
      station.waiting.push(request);
      return;
    }
    station.busy++;
    schedule(random.exponential(mean), kind, request);
  }

  void leave(Station& station, double mean, Kind kind) {
    if (station.waiting.empty()) {
      station.busy--;
      return;
    }
    const uint32_t next = station.waiting.front();
    station.waiting.pop();
    schedule(random.exponential(mean), kind, next);
  }

  void queue(uint64_t enough) {
    Station server{1};
    schedule(random.exponential(1.0 / 80), Source, 0);
    while (done < enough) {
      const Event event = events.top();
      events.pop();
      now = event.time;
      if (event.kind == Source) {
        arrive(server, begin(), 0.010, AppDone);
        schedule(random.exponential(1.0 / 80), Source, 0);
      } else {
        end(event.request);
        leave(server, 0.010, AppDone);
      }
    }
  }

  void web(uint64_t enough, uint32_t times) {
    constexpr double wire = 0.0005;
    const double gap = 1.0 / (2800.0 * times);
    const uint32_t servers = 10 * times;
    std::vector<Station> apps(servers, Station{4});
    Station db{int(20 * times)};
    schedule(random.exponential(gap), Source, 0);
    while (done < enough) {
      const Event event = events.top();
      events.pop();
      now = event.time;
      const uint32_t request = event.request;
      switch (event.kind) {
        case Source:
          schedule(wire, AtBalancer, begin());
          schedule(random.exponential(gap), Source, 0);
          break;
        case AtBalancer:
          requests[request].app = random.below(servers);
          arrive(apps[requests[request].app], request, 0.010, AppDone);
          break;
        case AppDone:
          leave(apps[requests[request].app], 0.010, AppDone);
          schedule(0.001, AtCache, request);
          break;
        case AtCache:
          if (random.uniform() < 0.8) schedule(wire, AtUser, request);
          else arrive(db, request, 0.005, DbDone);
          break;
        case DbDone:
          leave(db, 0.005, DbDone);
          schedule(wire, AtUser, request);
          break;
        case AtUser:
          end(request);
      }
    }
  }
};

} // namespace

int main(int count, char** arguments) {
  if (count < 3 || count > 4) return 64;
  const uint64_t enough = std::strtoull(arguments[2], nullptr, 10);
  Simulation simulation;
  const std::clock_t start = std::clock();
  if (std::strcmp(arguments[1], "W1") == 0) simulation.queue(enough);
  else simulation.web(enough, count == 4 ? uint32_t(std::strtoul(arguments[3], nullptr, 10)) : 1);
  const double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%.0f %.6f\n", double(enough) / seconds, simulation.latency / double(enough) * 1e3);
}
