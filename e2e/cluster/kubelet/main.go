// The kubelet of the test's nodes towards the API server: exec, logs, port-forward and the resource metrics page,
// with the streaming and log code of Kubernetes itself, so that exit codes, error texts and log options are theirs.
// What runs where is told by the node agent in one JSON file a pod: <folder>/<namespace>_<name>.json.
package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"k8s.io/client-go/util/cert"
	criapi "k8s.io/cri-api/pkg/apis"
	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
	crilogs "k8s.io/cri-client/pkg/logs"
	"k8s.io/cri-streaming/pkg/streaming/portforward"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"
)

// pod is what the agent writes down about one of its pods.
type pod struct {
	Namespace  string            `json:"namespace"`
	Name       string            `json:"name"`
	Node       string            `json:"node"`
	Container  string            `json:"container"`
	IP         string            `json:"ip"`
	Pid        int               `json:"pid"` // 0 while the container does not run
	Waiting    string            `json:"waiting"`
	Env        map[string]string `json:"env"`
	Programs   map[string]string `json:"programs"`
	Log        string            `json:"log"`
	Previous   string            `json:"previous"`
	CPUSeconds float64           `json:"cpuSeconds"`
	Memory     int64             `json:"memoryBytes"`
	StartedAt  float64           `json:"startedAt"`
}

type server struct{ folder string }

func (s *server) pod(namespace, name string) (*pod, error) {
	text, err := os.ReadFile(filepath.Join(s.folder, filepath.Base(namespace)+"_"+filepath.Base(name)+".json"))
	if err != nil {
		return nil, fmt.Errorf("pod %q not found", name)
	}
	found := &pod{}
	return found, json.Unmarshal(text, found)
}

// ExecInContainer enters the pod's namespaces and starts the program that was typed.
func (s *server) ExecInContainer(ctx context.Context, name, _ string, container string, argv []string, in io.Reader, out, errOut io.WriteCloser, _ bool, _ <-chan remotecommand.TerminalSize, _ time.Duration) error {
	namespace, podName, _ := strings.Cut(name, "/")
	found, err := s.pod(namespace, podName)
	if err != nil {
		return err
	}
	program, known := found.Programs[strings.TrimPrefix(argv[0], "/usr/bin/")]
	if !known {
		return fmt.Errorf("failed to exec in container: OCI runtime exec failed: exec failed: unable to start container process: exec: %q: executable file not found in $PATH", argv[0])
	}
	enter := []string{"-t", strconv.Itoa(found.Pid), "-n", "-m", "-u", "-p", "--", program}
	command := exec.CommandContext(ctx, "nsenter", append(enter, argv[1:]...)...)
	command.Stdin, command.Stdout, command.Stderr = in, out, errOut
	command.Dir = "/"
	for key, value := range found.Env {
		command.Env = append(command.Env, key+"="+value)
	}
	// A program that left children behind would hold the streams open for ever.
	command.WaitDelay = 2 * time.Second
	err = command.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return utilexec.CodeExitError{Err: err, Code: exit.ExitCode()}
	}
	return err
}

// PortForward connects to a port of the pod.
func (s *server) PortForward(ctx context.Context, name, _ string, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	namespace, podName, _ := strings.Cut(name, "/")
	found, err := s.pod(namespace, podName)
	if err != nil {
		return err
	}
	dialer := net.Dialer{Timeout: 5 * time.Second}
	target, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(found.IP, strconv.Itoa(int(port))))
	if err != nil {
		return err
	}
	defer target.Close()
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(target, stream); done <- struct{}{} }()
	go func() { _, _ = io.Copy(stream, target); done <- struct{}{} }()
	<-done
	return nil
}

func (s *server) exec(w http.ResponseWriter, r *http.Request) {
	namespace, name, container := r.PathValue("namespace"), r.PathValue("pod"), r.PathValue("container")
	found, err := s.pod(namespace, name)
	if err != nil {
		http.Error(w, "pod does not exist", http.StatusNotFound)
		return
	}
	if found.Container != container || found.Pid == 0 {
		http.Error(w, fmt.Sprintf("container not found (%q)", container), http.StatusInternalServerError)
		return
	}
	options, err := remotecommand.NewOptions(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	remotecommand.ServeExec(w, r, s, namespace+"/"+name, "", container, r.URL.Query()["command"], options, time.Hour, 30*time.Second, remotecommand.SupportedStreamingProtocols)
}

func (s *server) portForward(w http.ResponseWriter, r *http.Request) {
	options, err := portforward.NewV4Options(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	portforward.ServePortForward(w, r, s, r.PathValue("namespace")+"/"+r.PathValue("pod"), "", options, time.Hour, 30*time.Second, portforward.SupportedProtocols)
}

// noRuntime tells the log reader that no runtime can be asked, as when the container is gone.
type noRuntime struct{ criapi.RuntimeService }

func (noRuntime) ContainerStatus(context.Context, string, bool) (*runtimeapi.ContainerStatusResponse, error) {
	return nil, errors.New("no container runtime")
}

func logOptions(query url.Values) (*crilogs.LogOptions, error) {
	options := &crilogs.LogOptions{Timestamp: query.Get("timestamps") == "true", Follow: query.Get("follow") == "true"}
	var sinceSeconds *int64
	for name, into := range map[string]**int64{"tailLines": &options.TailLines, "limitBytes": &options.LimitBytes, "sinceSeconds": &sinceSeconds} {
		if text := query.Get(name); text != "" {
			number, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return nil, err
			}
			*into = &number
		}
	}
	if sinceSeconds != nil {
		options.Since = time.Now().Add(-time.Duration(*sinceSeconds) * time.Second)
	}
	if text := query.Get("sinceTime"); text != "" {
		since, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil, err
		}
		options.Since = since
	}
	return options, nil
}

type flushing struct{ http.ResponseWriter }

func (f flushing) Write(text []byte) (int, error) {
	defer f.ResponseWriter.(http.Flusher).Flush()
	return f.ResponseWriter.Write(text)
}

func (s *server) logs(w http.ResponseWriter, r *http.Request) {
	name, container, query := r.PathValue("pod"), r.PathValue("container"), r.URL.Query()
	found, err := s.pod(r.PathValue("namespace"), name)
	if err != nil {
		http.Error(w, fmt.Sprintf("pod %q not found\n", name), http.StatusNotFound)
		return
	}
	file := found.Log
	if query.Get("previous") == "true" {
		file = found.Previous
	}
	if _, err := os.Stat(file); err != nil {
		text := fmt.Sprintf("container %q in pod %q is waiting to start: %s", container, name, found.Waiting)
		if query.Get("previous") == "true" {
			text = fmt.Sprintf("previous terminated container %q in pod %q not found", container, name)
		}
		http.Error(w, text, http.StatusBadRequest)
		return
	}
	options, err := logOptions(query)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Transfer-Encoding", "chunked")
	out := flushing{w}
	if err := crilogs.ReadLogs(r.Context(), file, "", options, noRuntime{}, out, out); err != nil && r.Context().Err() == nil {
		log.Printf("logs of %s: %v", name, err)
	}
}

// metrics is the page metrics-server reads: the resource metrics of one node, in Prometheus' text form.
func (s *server) metrics(w http.ResponseWriter, r *http.Request) {
	files, _ := filepath.Glob(filepath.Join(s.folder, "*.json"))
	sort.Strings(files)
	at := time.Now().UnixMilli()
	var cpu, memory, start strings.Builder
	var cpuSum float64
	var memorySum int64
	for _, file := range files {
		one := &pod{}
		text, err := os.ReadFile(file)
		if err != nil || json.Unmarshal(text, one) != nil || one.Node != r.PathValue("node") || one.Pid == 0 || one.Memory == 0 {
			continue
		}
		labels := fmt.Sprintf("{container=%q,namespace=%q,pod=%q}", one.Container, one.Namespace, one.Name)
		fmt.Fprintf(&cpu, "container_cpu_usage_seconds_total%s %g %d\n", labels, one.CPUSeconds, at)
		fmt.Fprintf(&memory, "container_memory_working_set_bytes%s %d %d\n", labels, one.Memory, at)
		fmt.Fprintf(&start, "container_start_time_seconds%s %g\n", labels, one.StartedAt)
		cpuSum += one.CPUSeconds
		memorySum += one.Memory
	}
	fmt.Fprintf(w, "# TYPE container_cpu_usage_seconds_total counter\n%s# TYPE container_memory_working_set_bytes gauge\n%s# TYPE container_start_time_seconds gauge\n%s# TYPE node_cpu_usage_seconds_total counter\nnode_cpu_usage_seconds_total %g %d\n# TYPE node_memory_working_set_bytes gauge\nnode_memory_working_set_bytes %d %d\n", cpu.String(), memory.String(), start.String(), cpuSum, at, memorySum, at)
}

func main() {
	address := flag.String("address", "127.0.0.1:10250", "where to listen")
	folder := flag.String("pods", "", "folder of the pods' files")
	flag.Parse()
	certificate, key, err := cert.GenerateSelfSignedCertKey("kubelet", nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		log.Fatal(err)
	}
	s := &server{folder: *folder}
	routes := http.NewServeMux()
	routes.HandleFunc("/exec/{namespace}/{pod}/{container}", s.exec)
	routes.HandleFunc("/portForward/{namespace}/{pod}", s.portForward)
	routes.HandleFunc("/containerLogs/{namespace}/{pod}/{container}", s.logs)
	routes.HandleFunc("/metrics/nodes/{node}", s.metrics)
	listener := &http.Server{Addr: *address, Handler: routes, ReadHeaderTimeout: 10 * time.Second, TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"http/1.1"}}}
	log.Fatal(listener.ListenAndServeTLS("", ""))
}
