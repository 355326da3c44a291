import { Practice } from '@/components/practice/practice'
import { loadFaults } from '@/lib/loaders/practice'

export default async function PracticePage() {
  return <Practice faults={await loadFaults()} />
}
