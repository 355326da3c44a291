import { CardView } from '@/components/card/card-view'

export default async function CardPage({ params }: { params: Promise<{ cardId: string }> }) {
  const { cardId } = await params
  return <CardView cardId={decodeURIComponent(cardId)} />
}
