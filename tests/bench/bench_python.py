"""Prints what Python costs, beside the command line: script/bench calls it.

Seconds of processors stand beside those of the clock: they tell the same on a
machine that does other things as well.
"""

import resource
import statistics
import subprocess
import sys
import time

import midflight

RENAME = "examples/rename_column/scenario.yaml"


def seconds(work, times=5):
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def processor_seconds():
    """Of this process and of those it has waited for."""
    use = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in use)


def costs(work, times=5):
    """Seconds by the clock and of processors, medians."""
    taken = []
    for _ in range(times):
        begun, used = time.perf_counter(), processor_seconds()
        work()
        taken.append((time.perf_counter() - begun, processor_seconds() - used))
    return [statistics.median(column) for column in zip(*taken)]


def line(what, value):
    print(f"  {what:<62} {value}")


def starting(program):
    return seconds(lambda: subprocess.run([sys.executable, "-c", program], check=True), 11)


def main():
    print("\nPython (medians)")
    line("import midflight", f"{(starting('import midflight') - starting('pass')) * 1e3:8.0f} ms")
    scenario = midflight.Scenario(RENAME)
    tiny = scenario.with_(**{"app.rollout": {"kind": "recreate", "startup": "1s", "drain": "0s"}})
    one = seconds(lambda: midflight.simulate(tiny, "naive", runs=1, jobs=1), 51)
    two = seconds(lambda: midflight.simulate(tiny, "naive", runs=2, jobs=1), 51)
    line("a call of one run, without the run itself", f"{(2 * one - two) * 1e3:8.2f} ms")
    command = ["build/midflight", "compare", RENAME, "--runs", "1000", "--quiet", "--format", "json"]
    shell, shell_used = costs(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))
    here, here_used = costs(lambda: midflight.compare(scenario, runs=1000).data)
    line("compare with 1,000 runs, command line", f"{shell:8.2f} s, {shell_used:.2f} s of processors")
    line("compare with 1,000 runs, Python", f"{here:8.2f} s, {here_used:.2f} s of processors ({here_used / shell_used - 1:+.0%})")
    log = midflight.requests(scenario.with_(**{"app.versions.v1.profile.rate": "2500/s", "migration.soak": "60s"}), "expand_contract")
    line(f"a frame of {log.rows:,} requests to pandas", f"{seconds(log.to_pandas, 11) * 1e3:8.1f} ms")
    sweeps(scenario)


def sweeps(scenario):
    """Threads and a Dask cluster in turns, so that whatever else the machine does concerns both."""
    from dask.distributed import Client, LocalCluster

    def sweep(**options):
        midflight.sweep(scenario, {"seed": range(1000)}, runs=100, strategies="expand_contract", **options)

    threads, cluster_of_two = [], []
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster, Client(cluster) as client:
        midflight.sweep(scenario, {"seed": range(8)}, runs=1, strategies="expand_contract", executor=client)  # workers import
        for _ in range(3):
            threads.append(costs(sweep, 1))
            before = sum(client.run(time.process_time).values())
            clock, here_used = costs(lambda: sweep(executor=client), 1)
            cluster_of_two.append((clock, here_used + sum(client.run(time.process_time).values()) - before))
    clock, used = (statistics.median(column) for column in zip(*threads))
    line("a sweep of 1,000 points by 100 runs, threads", f"{clock:8.1f} s, {used:.1f} s of processors")
    clock, used = (statistics.median(column) for column in zip(*cluster_of_two))
    share = statistics.median(one[1] / two[1] for one, two in zip(threads, cluster_of_two))
    line("the same on a Dask LocalCluster of two processes", f"{clock:8.1f} s, {used:.1f} s of processors  ({share:.0%} of the speed)")


if __name__ == "__main__":
    main()
