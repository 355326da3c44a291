import { Board } from '@/components/board/board'

export default function BoardPage() {
  return <Board />
}
